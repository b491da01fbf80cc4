/**
 * A child process from its start to its end: input, output, and ending it early.
 *
 * @module
 */

import type { Readable } from "node:stream";
import { builtin } from "../ffi/builtin.ts";
import { concatenate } from "../ffi/concatenate.ts";
import type { Child, ExitStatus } from "./child.ts";
import { onAbort } from "./on_abort.ts";

/** How to run a process. */
export interface RunOptions {
  /** What it reads; it has a pipe as standard input then. */
  input?: string | Uint8Array | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
  /** Ends it after so many ms. */
  timeout?: number | undefined;
  /** How it is ended. */
  killSignal?: NodeJS.Signals | undefined;
}

/** How a process ended. */
export interface Ended extends ExitStatus {
  stdout: Uint8Array;
  stderr: Uint8Array;
  /** What ended it early. */
  endedBy: "signal" | "timeout" | undefined;
  /** Why there was no process. */
  startError: NodeJS.ErrnoException | undefined;
}

/** How long a process has before SIGKILL, and its output before it is dropped, in ms. */
const grace = { kill: 5000, output: 100 };

/** Follows a process that `start` starts with pipes as standard output and error, to its end. */
export async function runProcess(
  start: () => Child,
  { input, ...options }: RunOptions,
): Promise<Ended> {
  let child: Child;
  try {
    child = start();
  } catch (error) {
    // The runtimes throw some errors of starting a program, and tell others later.
    if ((error as NodeJS.ErrnoException).syscall?.startsWith("spawn")) return notStarted(error);
    throw error;
  }
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A program need not read its input: that it closed the pipe is no error.
  child.stdin?.on("error", () => {}).end(input);
  const early = endEarly(child, options);
  try {
    const error = await child.closed();
    if (error) return notStarted(error);
  } finally {
    early.dispose();
  }
  return {
    stdout: stdout(),
    stderr: stderr(),
    ...child.status()!,
    endedBy: early.by(),
    startError: undefined,
  };
}

/** The end of a process that could not be started. */
export function notStarted(error: unknown): Ended {
  return {
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    exitCode: null,
    signal: null,
    endedBy: undefined,
    startError: error as NodeJS.ErrnoException,
  };
}

/** Collects what a stream gives; the function returned gives it as one array. */
function collect(stream: Readable | null | undefined): () => Uint8Array {
  const chunks: Uint8Array[] = [];
  stream?.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  return () => concatenate(chunks);
}

/** Ends a process when a signal is aborted or time is over. */
function endEarly(
  child: Child,
  { signal, timeout, killSignal = "SIGTERM" }: Omit<RunOptions, "input">,
): { by(): Ended["endedBy"]; dispose(): void } {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let by: Ended["endedBy"];
  const after = (milliseconds: number, run: () => void) => {
    const timer = setTimeout(run, milliseconds);
    timers.push(timer);
    return timer;
  };

  // Processes that it started may hold its output open for ever.
  const dropOutput = () => {
    after(grace.output, () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  };
  const end = (reason: "signal" | "timeout") => {
    if (by !== undefined) return;
    by = reason;
    if (child.status()) return dropOutput();
    child.exited().then(dropOutput);
    kill(child, killSignal);
    after(grace.kill, () => kill(child, "SIGKILL")).unref();
  };
  const abort = () => end("signal");
  if (signal) onAbort(signal, abort);
  if (timeout !== undefined) after(timeout, () => end("timeout"));
  return {
    by: () => by,
    dispose() {
      signal?.removeEventListener("abort", abort);
      timers.forEach(clearTimeout);
    },
  };
}

/** Not `child.kill()`, which in Deno works once and takes the exit code and the output away. */
function kill(child: Child, signal: NodeJS.Signals): void {
  if (child.status()) return;
  try {
    builtin.process.kill(child.pid!, signal);
  } catch {
    // It has ended.
  }
}
