/**
 * Running a program by what Deno and Bun have for that themselves. Their `node:child_process` rests
 * on it, and takes a third longer.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import type { ExecOptions } from "./exec.ts";
import { isNetNSError } from "./errors.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";
import { type Ended, notStarted } from "./run_process.ts";

/** A program with nothing to read and nobody to end it. */
export interface PlainRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: ExecOptions["env"];
}

/** Whether this runtime has a way of its own for such a program. */
export function runsNatively(
  command: string,
  { input, signal, timeout }: Pick<ExecOptions, "input" | "signal" | "timeout">,
): boolean {
  if (input !== undefined || signal !== undefined || timeout !== undefined) return false;
  if ("Bun" in globalThis) return true;
  // Deno's node:child_process gives Deno its arguments in the form of Node's.
  return "Deno" in globalThis && command !== builtin.process.execPath;
}

/** Runs a program inside to its end. */
export async function runNatively(namespace: Namespace, run: PlainRun): Promise<Ended> {
  const start = "Deno" in globalThis ? startInDeno : startInBun;
  try {
    return {
      ...await inside(namespace, () => start(run)),
      endedBy: undefined,
      startError: undefined,
    };
  } catch (error) {
    if (isNetNSError(error)) throw error;
    const { name, code } = error as NodeJS.ErrnoException;
    const errno = (builtin.os.constants.errno as Record<string, number>)[String(code)];
    if (errno === undefined && name !== "NotCapable") throw error;
    return notStarted(
      errno === undefined ? error : Object.assign(error as Error, { errno: -errno }),
    );
  }
}

type Outcome = Pick<Ended, "stdout" | "stderr" | "exitCode" | "signal">;

async function startInDeno({ command, args, cwd, env }: PlainRun): Promise<Outcome> {
  const options: Deno.CommandOptions = {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  };
  if (cwd !== undefined) options.cwd = cwd;
  if (env !== undefined) {
    options.clearEnv = true;
    options.env = defined(env);
  }
  const { stdout, stderr, code, signal } = await new Deno.Command(command, options).output();
  return { stdout, stderr, exitCode: signal === null ? code : null, signal };
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  const set = Object.entries(env).filter((entry): entry is [string, string] =>
    entry[1] !== undefined
  );
  return Object.fromEntries(set);
}

/** The part of Bun that is used: its types are not there where the package is checked by Deno. */
interface Bun {
  spawn(command: readonly string[], options: object): {
    readonly stdout: { bytes(): Promise<Uint8Array> };
    readonly stderr: { bytes(): Promise<Uint8Array> };
    readonly exited: Promise<unknown>;
    readonly exitCode: number | null;
    readonly signalCode: string | number | null;
  };
}

async function startInBun(
  { command, args, cwd, env = builtin.process.env }: PlainRun,
): Promise<Outcome> {
  const { spawn } = (globalThis as unknown as { Bun: Bun }).Bun;
  const child = spawn([command, ...args], {
    cwd,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = [child.stdout.bytes(), child.stderr.bytes()] as const;
  const [stdout, stderr] = await Promise.all([...output, child.exited]);
  const { exitCode, signalCode } = child;
  // It has no names for the signals from SIGRTMIN on.
  const signal = typeof signalCode === "number" ? `SIG${signalCode}` : signalCode;
  return { stdout, stderr, exitCode, signal };
}
