import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { FfiUnavailableError } from "../../ffi/adapter.ts";
import { openLibc } from "../../ffi/mod.ts";
import { pretendPlatform } from "../helpers/platform.ts";
import { skipOn } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { failure } from "./adapters.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const notNode = skipOn(["deno", "bun"], "is about koffi, which only Node uses");

test("nothing is printed when FFI is used in main and in threads", async () => {
  const script = new URL("./programs/use_libc_in_threads.ts", import.meta.url);
  const outcome = await runScript(script);
  assert.deepEqual(outcome, {
    stdout: JSON.stringify(Array(3).fill(failure("EBADF"))) + "\n",
    stderr: "",
    exitCode: 0,
    signal: null,
  });
});

test("another operating system is refused by name", () => {
  const comeBack = pretendPlatform("darwin");
  try {
    assert.throws(
      () => openLibc({ require: createRequire(import.meta.url) }),
      (error) => error instanceof FfiUnavailableError && /this is darwin$/.test(error.message),
    );
  } finally {
    comeBack();
  }
  assert.equal(openLibc({ require: createRequire(import.meta.url) }).close(-1), failure("EBADF"));
});

/** Runs the program from a copy of the sources, beside which no package is installed. */
async function runWithoutPackages(flags: readonly string[]): Promise<unknown> {
  return await inTemporaryDirectory(async (directory) => {
    for (const part of ["ffi", "src", "tests/ffi/programs", "package.json"]) {
      fs.cpSync(path.join(root, part), path.join(directory, part), { recursive: true });
    }
    const script = path.join(directory, "tests/ffi/programs/use_libc.ts");
    const { stdout, stderr } = await runScript(script, { flags });
    assert.equal(stderr, "");
    return JSON.parse(stdout);
  });
}

test("Node without node:ffi and without koffi: the error says what to install", {
  skip: notNode,
}, async () => {
  const withoutFfi = process.allowedNodeEnvironmentFlags.has("--experimental-ffi")
    ? ["--no-experimental-ffi"]
    : [];
  const { hint, ...error } = await runWithoutPackages(withoutFfi) as Record<string, string>;
  assert.deepEqual(error, {
    name: "NetNSError",
    code: "ERR_NETNS_UNSUPPORTED",
    message: "Cannot use network namespaces: this Node has no node:ffi and the package koffi " +
      "cannot be loaded",
    cause: "FfiUnavailableError",
  });
  assert.match(hint!, /npm install koffi/);
});

test("no package is needed where the runtime has FFI of its own", {
  skip: skipOn("node-koffi", "this Node has no FFI of its own"),
}, async () => {
  const result = await runWithoutPackages("Deno" in globalThis ? ["-A"] : []);
  assert.deepEqual(result, { result: failure("EBADF") });
});
