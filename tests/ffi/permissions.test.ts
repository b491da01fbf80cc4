import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { libraryPaths } from "../../ffi/library_names.ts";
import { skipAny, skipIf, skipOn, skipWithout } from "../helpers/requirements.ts";
import { executable, runCommand, runScript, runtime, scriptArguments } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { failure } from "./adapters.ts";

const program = new URL("./programs/use_libc.ts", import.meta.url);
const works = { result: failure("EBADF") };
const installed = libraryPaths().find((file) => fs.existsSync(file));
const notDeno = skipOn(["node-koffi", "node-ffi", "bun"], "is about Deno's permissions");
const notNodeFfi = skipOn(
  ["node-koffi", "deno", "bun"],
  "is about Node's permissions for node:ffi",
);
const noStandardPath = skipIf(installed === undefined, "libc is at no standard path");

/** What the program prints with some flags and environment. */
async function outcome(flags: readonly string[], library?: string): Promise<unknown> {
  const { stdout, stderr, exitCode } = await runScript(program, {
    flags,
    env: { NETNS_LIBC: library },
  });
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

function assertUnsupported(result: unknown, message: RegExp, hint: RegExp): void {
  const error = result as Record<string, string>;
  assert.equal(error["code"], "ERR_NETNS_UNSUPPORTED", JSON.stringify(result));
  assert.equal(error["cause"], "FfiUnavailableError");
  assert.match(error["message"]!, message);
  assert.match(error["hint"]!, hint);
}

const noPermission = /^Cannot use network namespaces: Deno has no permission to use FFI$/;

test("Deno needs --allow-ffi and nothing else", { skip: notDeno }, async () => {
  assert.deepEqual(await outcome(["--no-prompt", "--allow-ffi"]), works);
});

test("Deno without permission: the error says what to run", { skip: notDeno }, async () => {
  assertUnsupported(await outcome(["--no-prompt"]), noPermission, /^run with --allow-ffi, or /);
  const others = ["--no-prompt", "--allow-read", "--allow-env", "--allow-net", "--deny-ffi"];
  assertUnsupported(await outcome(others), noPermission, /--allow-ffi/);
});

test("Deno is not asked for permission at a terminal", {
  skip: skipAny(notDeno, skipWithout({ command: "script" })),
}, async () => {
  const command = [executable, ...scriptArguments(program, { flags: [] })].join(" ");
  const { stdout } = await runCommand(["script", "-qec", command, "/dev/null"]);
  assertUnsupported(JSON.parse(stdout), noPermission, /--allow-ffi/);
});

test("Deno with permission for libc at a standard path", {
  skip: skipAny(notDeno, noStandardPath),
}, async () => {
  assert.deepEqual(await outcome(["--no-prompt", `--allow-ffi=${installed}`]), works);
});

test("Deno with permission for the path in NETNS_LIBC", {
  skip: skipAny(notDeno, noStandardPath),
}, async () => {
  await inTemporaryDirectory(async (directory) => {
    const library = path.join(directory, "elsewhere.so");
    fs.symlinkSync(installed!, library);
    const scoped = ["--no-prompt", `--allow-ffi=${library}`];
    const mayRead = [...scoped, "--allow-env=NETNS_LIBC"];
    assert.deepEqual(await outcome(mayRead, library), works);
    assertUnsupported(await outcome(scoped, library), noPermission, /--allow-env=NETNS_LIBC/);
    assertUnsupported(await outcome(mayRead), noPermission, /NETNS_LIBC is the path of libc/);
  });
});

test("Node under --permission needs --allow-ffi", { skip: notNodeFfi }, async () => {
  const flags = ["--permission", "--allow-fs-read=*"];
  assertUnsupported(await outcome(flags), /node:ffi cannot open libc$/, /--allow-ffi/);
  assert.deepEqual(await outcome([...flags, "--allow-ffi"]), works);
});

test("NETNS_LIBC names the libc that is opened", { skip: noStandardPath }, async () => {
  const flags = runtime === "deno" ? ["-A"] : [];
  assert.deepEqual(await outcome(flags, installed), works);
  for (const wrong of ["/nonexistent/libc.so.6", "/etc/passwd"]) {
    assertUnsupported(await outcome(flags, wrong), /cannot open libc$/, /NETNS_LIBC/);
  }
});
