import assert from "node:assert/strict";
import test from "node:test";
import { isSupported } from "../../mod.ts";
import { skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

const mainJob = new URL("../fixtures/main_job.ts", import.meta.url);
const unsupported = new URL("../fixtures/unsupported.ts", import.meta.url);
const denoOnly = skipOn(["node-koffi", "node-ffi", "bun"], "only Deno has permissions for FFI");

test("isSupported() is true here", () => {
  assert.deepEqual(isSupported(), { ok: true });
});

test("the main job prints nothing of its own, no warning either", {
  skip: skipUnlessPrivileged(),
}, async () => {
  const { stdout, stderr } = await runScript(mainJob);
  assert.deepEqual([stdout, stderr], ["true true true\n", ""]);
});

test("in Deno, --allow-ffi alone is enough for the main job", { skip: denoOnly }, async () => {
  const { stdout, stderr } = await runScript(mainJob, { flags: ["--allow-ffi", "--no-prompt"] });
  assert.deepEqual([stdout, stderr], ["true true true\n", ""]);
});

test("in Deno, FFI may be allowed for the file of libc alone", { skip: denoOnly }, async () => {
  const fs = await import("node:fs");
  const library = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6"]
    .find((path) => fs.existsSync(path)) ?? "/lib64/libc.so.6";
  const flags = [`--allow-ffi=${library}`, "--allow-env=NETNS_LIBC", "--no-prompt"];
  const { stdout, stderr } = await runScript(mainJob, { flags, env: { NETNS_LIBC: library } });
  assert.deepEqual([stdout, stderr], ["true true true\n", ""]);
});

test("in Deno without permission, every entry point says what to allow", {
  skip: denoOnly,
}, async () => {
  const { stdout } = await runScript(unsupported, { flags: ["--no-prompt"] });
  const [support, ...others] = stdout.trim().split("\n");
  assert.match(support!, /no permission to use FFI \| .*--allow-ffi/);
  assert.deepEqual(others, []);
});

test("on another operating system, every entry point says so, and importing works", async () => {
  const { stdout, stderr } = await runScript(unsupported, { args: ["darwin"] });
  const [support, ...others] = stdout.trim().split("\n");
  assert.match(support!, /darwin \| .*Linux/, stderr);
  assert.deepEqual(others, []);
});
