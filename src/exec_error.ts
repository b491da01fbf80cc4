/**
 * What a program that ran inside a namespace gave: as a result, and as an error.
 *
 * @module
 */

import { NetNSError, type NetNSErrorOptions } from "./errors.ts";

/** What a program gave that `ns.exec()` ran. */
export interface ExecResult<Output extends string | Uint8Array = string> {
  /** All of its standard output. */
  stdout: Output;
  /** All of its standard error. */
  stderr: Output;
  /** Exit code: 0 in a result; `null` in an error when it did not exit by itself. */
  exitCode: number | null;
  /** The signal that killed it, as `"SIGTERM"`. */
  signal: string | null;
  /** How long it took, in ms. */
  durationMs: number;
}

/** What an {@linkcode ExecError} is made of besides its message. */
export interface ExecErrorDetails<Output extends string | Uint8Array>
  extends ExecResult<Output>, NetNSErrorOptions {
  /** See {@linkcode ExecError.command}. */
  command: string;
  /** See {@linkcode ExecError.args}. */
  args: readonly string[];
  /** See {@linkcode ExecError.timedOut}. */
  timedOut: boolean;
}

/**
 * A program that `ns.exec()` ran failed: it exited with another code than 0, was killed, took too
 * long, or could not be started. Has the fields of {@linkcode ExecResult}.
 *
 * @example
 * ```ts
 * import { ExecError, NetNS } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * const ns = NetNS.create();
 * await assert.rejects(
 *   ns.exec("ls", ["/nonexistent"]),
 *   (error) => error instanceof ExecError && error.exitCode === 2,
 * );
 * await ns.close();
 * ```
 */
export class ExecError<Output extends string | Uint8Array = string> extends NetNSError
  implements ExecResult<Output> {
  static {
    Object.defineProperty(this.prototype, "name", {
      value: "ExecError",
      configurable: true,
      writable: true,
    });
  }

  /** The program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** What it wrote to its standard output. */
  readonly stdout: Output;
  /** What it wrote to its standard error. */
  readonly stderr: Output;
  /** Its exit code; `null` when it did not exit by itself. */
  readonly exitCode: number | null;
  /** The signal that killed it, as `"SIGKILL"`. */
  readonly signal: string | null;
  /** How long it took, in ms. */
  readonly durationMs: number;
  /** Whether it was ended by the option `timeout`. */
  readonly timedOut: boolean;

  /** Makes an error; the library does so itself. */
  constructor(message: string, details: ExecErrorDetails<Output>) {
    super(message, details);
    this.command = details.command;
    this.args = details.args;
    this.stdout = details.stdout;
    this.stderr = details.stderr;
    this.exitCode = details.exitCode;
    this.signal = details.signal;
    this.durationMs = details.durationMs;
    this.timedOut = details.timedOut;
  }
}
