import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import test from "node:test";
import { nameInEtc } from "../../src/named_directory.ts";
import { skipIf } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const skip = skipIf(process.platform !== "linux", "is about files of Linux");

test("files of /etc/netns/NAME belong to names in /run/netns only", { skip }, async () => {
  assert.equal(nameInEtc({ name: "blue", path: "/run/netns/blue" }), "blue");
  assert.equal(nameInEtc({ path: "/run/netns/blue" }), undefined);
  assert.equal(nameInEtc({ name: "blue", path: "/nonexistent/netns/blue" }), undefined);
  await inTemporaryDirectory((dir) => {
    assert.equal(nameInEtc({ name: "blue", path: `${dir}/blue` }), undefined);
    if (!fs.existsSync("/run/netns")) return;
    const link = path.join(dir, "netns");
    fs.symlinkSync("/run/netns", link);
    assert.equal(nameInEtc({ name: "blue", path: `${link}/blue` }), "blue");
  });
});
