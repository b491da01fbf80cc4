/**
 * Programs that a thread becomes or starts: how execvp(3) finds one, and what it expects.
 *
 * @module
 */

import type { CString } from "../ffi/libc.ts";
import { libc } from "./libc.ts";
import { errnoName, type NetNSError, syscallError, unwrap } from "./errors.ts";

/** A program with its arguments and its environment; bytes where it came with bytes. */
export interface Program {
  /** What it is called by: without a slash it is looked for in the directories of PATH. */
  readonly command: CString;
  /** The arguments after its name. */
  readonly args: readonly CString[];
  /** Each `NAME=VALUE`. */
  readonly environment: readonly CString[];
}

/** execve(2), or what starts a program in the same way: 0, or `-errno`. */
type Start = (path: CString, argv: readonly CString[], envp: readonly CString[]) => number;

/** Becomes a program; returns only where it failed, by `-errno`. */
export function becomeProgram(program: Program): number {
  return findAndStart(program, libc().execve);
}

/** Runs a program as a child of this process to its end; its wait status as in wait(2), or `-errno`. */
export function runProgram(program: Program): number {
  const pid = new Uint8Array(new ArrayBuffer(4));
  const started = findAndStart(
    program,
    (path, argv, envp) => libc().posix_spawn(pid, path, null, null, argv, envp),
  );
  return started < 0 ? started : wait(new DataView(pid.buffer).getInt32(0, true));
}

function wait(pid: number): number {
  const status = new Uint8Array(new ArrayBuffer(4));
  for (;;) {
    const result = libc().waitpid(pid, status, 0);
    if (result >= 0) return new DataView(status.buffer).getInt32(0, true);
    if (errnoName(result) === "EINTR") continue;
    unwrap(result, { action: `Cannot wait for process ${pid}`, syscall: "waitpid" });
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function bytesOf(text: CString): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

const SLASH = 0x2f;
const COLON = 0x3a;

/** As glibc where PATH is not set. */
const DEFAULT_PATH = "PATH=/bin:/usr/bin";

/** As execvp(3): a command without a slash is looked for in the directories of PATH. */
export function findAndStart({ command, args, environment }: Program, start: Start): number {
  const name = bytesOf(command);
  const argv = [command, ...args];
  if (name.includes(SLASH)) return startFile(command, argv, environment, start);
  const path = bytesOf(environment.find(isPath) ?? DEFAULT_PATH).subarray("PATH=".length);
  let denied: number | undefined;
  let result = 0;
  for (const directory of split(path)) {
    result = startFile(join(directory, name), argv, environment, start);
    const code = errnoName(result);
    if (code === "EACCES") denied = result;
    else if (!elsewhere.has(code)) return result;
  }
  return denied ?? result;
}

/** Errors with which the search goes on. */
const elsewhere: ReadonlySet<string> = new Set([
  "ENOENT",
  "ESTALE",
  "ENOTDIR",
  "ENODEV",
  "ETIMEDOUT",
]);

/** A file without `#!` is a script of sh(1). */
function startFile(
  file: CString,
  argv: readonly CString[],
  environment: readonly CString[],
  start: Start,
): number {
  const result = start(file, argv, environment);
  if (result >= 0 || errnoName(result) !== "ENOEXEC") return result;
  return start(SHELL, [SHELL, file, ...argv.slice(1)], environment);
}

const SHELL = "/bin/sh";

function isPath(entry: CString): boolean {
  return decoder.decode(bytesOf(entry).subarray(0, "PATH=".length)) === "PATH=";
}

function* split(path: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start <= path.byteLength;) {
    const colon = path.indexOf(COLON, start);
    const end = colon < 0 ? path.byteLength : colon;
    yield path.subarray(start, end);
    start = end + 1;
  }
}

function join(directory: Uint8Array, name: Uint8Array): Uint8Array {
  if (directory.byteLength === 0) return name;
  const path = new Uint8Array(directory.byteLength + 1 + name.byteLength);
  path.set(directory);
  path[directory.byteLength] = SLASH;
  path.set(name, directory.byteLength + 1);
  return path;
}

/** What helps, by the code of execve(2). */
const hints: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program, nor the interpreter that it names",
  EACCES: "it is no program, or one that this user may not execute",
  E2BIG: "arguments and environment are too long",
};

/** The error of a program that could not be started. */
export function programError({ command }: Program, result: number): NetNSError {
  const action = `Cannot execute "${decoder.decode(bytesOf(command))}"`;
  return syscallError({ action, syscall: "execve", result, hint: hints[errnoName(result)] });
}
