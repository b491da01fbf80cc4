/**
 * A child process from its start to its end: input, output, and ending it early.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { builtin } from "../ffi/builtin.ts";

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
export interface Ended {
  stdout: Uint8Array;
  stderr: Uint8Array;
  exitCode: number | null;
  signal: string | null;
  /** What ended it early. */
  endedBy: "signal" | "timeout" | undefined;
  /** Why there was no process. */
  startError: NodeJS.ErrnoException | undefined;
}

/** How long a process has before SIGKILL, and its output before it is dropped, in ms. */
const grace = { kill: 5000, output: 100 };

/** Follows a process that `start` starts with pipes as standard output and error, to its end. */
export async function runProcess(
  start: () => ChildProcess,
  { input, ...options }: RunOptions,
): Promise<Ended> {
  let child: ChildProcess;
  try {
    child = start();
  } catch (error) {
    // The runtimes throw some errors of starting a program, and emit others.
    if ((error as NodeJS.ErrnoException).syscall?.startsWith("spawn")) return notStarted(error);
    throw error;
  }
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A program need not read its input: that it closed the pipe is no error.
  child.stdin?.on("error", () => {}).end(input);
  const early = endEarly(child, options);
  try {
    const error = await closed(child);
    if (error) return notStarted(error);
  } finally {
    early.dispose();
  }
  return {
    stdout: stdout(),
    stderr: stderr(),
    exitCode: child.exitCode,
    signal: child.signalCode,
    endedBy: early.by(),
    startError: undefined,
  };
}

function notStarted(error: unknown): Ended {
  return {
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    exitCode: null,
    signal: null,
    endedBy: undefined,
    startError: error as NodeJS.ErrnoException,
  };
}

/** Resolves when the process and its pipes are gone, or with the error of starting it. */
function closed(child: ChildProcess): Promise<Error | undefined> {
  return new Promise((resolve) => {
    child.on("error", (error) => child.pid === undefined && resolve(error));
    child.once("close", () => resolve(undefined));
  });
}

/** Collects what a stream gives; the function returned gives it as one array. */
function collect(stream: Readable | null | undefined): () => Uint8Array {
  const chunks: Uint8Array[] = [];
  stream?.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  return () => {
    const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return bytes;
  };
}

/** Ends a process when a signal is aborted or time is over. */
function endEarly(
  child: ChildProcess,
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
    if (child.exitCode !== null || child.signalCode !== null) return dropOutput();
    child.once("exit", dropOutput);
    kill(child, killSignal);
    after(grace.kill, () => kill(child, "SIGKILL")).unref();
  };
  const abort = () => end("signal");
  signal?.addEventListener("abort", abort);
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
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    builtin.process.kill(pid!, signal);
  } catch {
    // It has ended.
  }
}
