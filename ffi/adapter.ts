/**
 * What an adapter does for the rest of `ffi/`.
 *
 * @module
 */

import type { Kind } from "./symbols.ts";

/** An argument after its check: integers as they are, `u64` as bigint, paths as NUL-ended bytes. */
export type RawArgument = number | bigint | Uint8Array | null;

/** A C function as a runtime's FFI gives it. */
export type RawFunction = (...args: RawArgument[]) => number;

/** One runtime's FFI, opened on libc. */
export interface Adapter {
  /** Looks a function with an `int` result up. Throws when libc does not have it. */
  bind(name: string, kinds: readonly Kind[]): RawFunction;
  /** errno of the calling thread; to be read as the very next thing after a failed call. */
  errno(): number;
  /** Where the bytes of a buffer are; it does not move, nor go while the buffer is there. */
  address(buffer: Uint8Array): bigint;
}

/** What an adapter needs to open libc. */
export interface AdapterOptions {
  /** Path or soname of libc, when the user names one (`NETNS_LIBC`). */
  library?: string | undefined;
  /** Loads a module synchronously, as `createRequire` does. */
  require: (specifier: string) => unknown;
}

/** Opens libc with one runtime's FFI. */
export type OpenAdapter = (options: AdapterOptions) => Adapter;

/** FFI cannot be used here; says why and what helps. */
export class FfiUnavailableError extends Error {
  static {
    this.prototype.name = "FfiUnavailableError";
  }
  /** What to do about it. */
  readonly hint: string;

  constructor(reason: string, hint: string, options?: ErrorOptions) {
    super(reason, options);
    this.hint = hint;
  }
}
