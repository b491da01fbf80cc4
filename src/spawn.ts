/**
 * Child processes inside a namespace.
 *
 * @module
 */

import type {
  ChildProcess,
  ChildProcessByStdio,
  SpawnOptions as NodeSpawnOptions,
  StdioNull,
  StdioPipe,
} from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { builtin } from "../ffi/builtin.ts";
import { checkPath, wrongType } from "./check.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";

/** The options of `child_process.spawn` of Node, but for `shell`. */
export type SpawnOptions = Omit<NodeSpawnOptions, "shell">;

/** What a standard stream of a child process may be: a pipe, or something else. */
export type Stdio = StdioPipe | StdioNull;

/** Options that leave all standard streams pipes. */
export type SpawnOptionsWithoutStdio = Omit<SpawnOptions, "stdio"> & {
  stdio?: "pipe" | "overlapped" | StdioPipe[] | undefined;
};

/** Options that say what each standard stream is. */
export type SpawnOptionsWithStdio<
  Stdin extends Stdio,
  Stdout extends Stdio,
  Stderr extends Stdio,
> = Omit<SpawnOptions, "stdio"> & { stdio: [Stdin, Stdout, Stderr] };

/** A child process whose streams are there where they are pipes, and `null` elsewhere. */
export type ChildProcessWithStdio<
  Stdin extends Stdio,
  Stdout extends Stdio,
  Stderr extends Stdio,
> = ChildProcessByStdio<
  Piped<Stdin, Writable>,
  Piped<Stdout, Readable>,
  Piped<Stderr, Readable>
>;

type Piped<Kind extends Stdio, Stream> = Kind extends StdioPipe ? Stream : null;

/** Starts a process inside: it is forked on the calling thread while that is there. */
export function spawnInside(
  namespace: Namespace,
  command: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): ChildProcess {
  checkCommand(command, args);
  checkNoShell(options);
  const { spawn } = builtin.child_process;
  return inside(namespace, () => spawn(command, args, options));
}

/** Requires a program and arguments that execve(2) can take. */
export function checkCommand(command: unknown, args: unknown): void {
  checkPath("command", command);
  if (!Array.isArray(args)) throw wrongType("args", "an array of strings", args);
  for (const [index, arg] of args.entries()) {
    if (typeof arg !== "string" || arg.includes("\0")) {
      throw wrongType(`args[${index}]`, "a string without NUL", arg);
    }
  }
}

function checkNoShell(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw wrongType("options", "an object", options);
  }
  if ((options as NodeSpawnOptions).shell) {
    throw new TypeError(
      "options.shell cannot be used, as a shell gives characters of the arguments a meaning: " +
        'to run a script, make it an argument: spawn("sh", ["-c", script])',
    );
  }
}
