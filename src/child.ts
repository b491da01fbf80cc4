/**
 * A process that was started, as the library follows it to its end.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** How a process ended: by itself, or by a signal. */
export interface ExitStatus {
  exitCode: number | null;
  signal: string | null;
}

/** A process with pipes as standard output and error, and perhaps as standard input. */
export interface Child {
  /** `undefined` where it could not be started. */
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** How it ended; `undefined` while it runs. */
  status(): ExitStatus | undefined;
  /** Resolves when it has ended. */
  exited(): Promise<void>;
  /** Resolves when it and its pipes are gone, or with the error of starting it. */
  closed(): Promise<Error | undefined>;
}

/** A process that the runtime started. */
export function childOf(child: ChildProcess): Child {
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    status() {
      const { exitCode, signalCode } = child;
      if (exitCode === null && signalCode === null) return undefined;
      return { exitCode, signal: signalCode };
    },
    exited: () => new Promise((resolve) => child.once("exit", () => resolve())),
    closed: () =>
      new Promise((resolve) => {
        child.on("error", (error) => child.pid === undefined && resolve(error));
        child.once("close", () => resolve(undefined));
      }),
  };
}
