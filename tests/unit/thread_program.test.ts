import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { generate } from "../../scripts/generate.ts";

const file = new URL("../../src/thread/program.ts", import.meta.url);

test("the program of a thread is what its sources bundle to", async () => {
  // After a change in src/thread: npm run generate.
  assert.equal(fs.readFileSync(file, "utf8"), await generate());
});
