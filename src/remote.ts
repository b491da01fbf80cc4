/**
 * What a function sees that runs in a namespace thread: types only.
 *
 * @module
 */

import type { ExecOptions, ExecResult } from "./exec.ts";
import type { NetNS } from "./netns.ts";
import type { DoResult } from "./thread/types.ts";

/** A value as it arrives inside: a handle becomes a {@linkcode RemoteNetNS}. */
export type Inside<T> = T extends NetNS ? RemoteNetNS : T;

/** Arguments as they arrive inside. */
export type InsideAll<Args extends readonly unknown[]> = {
  [Index in keyof Args]: Inside<Args[Index]>;
};

/** A result as it arrives outside: a {@linkcode RemoteNetNS} becomes the handle itself. */
export type Outside<T> = T extends RemoteNetNS ? NetNS : T;

/** A function for `do`: it gets the arguments of the call, then the context. */
export type DoFunction<Args extends readonly unknown[], Result> = (
  ...args: [...InsideAll<Args>, ctx: DoContext]
) => Result;

/** The functions that a module exports, as {@linkcode NetNS.import} gives them. */
export type ImportedFunctions<Module> = {
  readonly [
    Name in keyof Module as Module[Name] extends (...args: never[]) => unknown ? Name : never
  ]: Module[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<DoResult<Result>>
    : never;
};

/** What a call may be bound to; see {@linkcode NetNS.with}. */
export interface WithOptions {
  /** Aborts the call: it rejects with `signal.reason`, and `ctx.signal` fires inside. */
  signal?: AbortSignal | undefined;
  /** Milliseconds after which the call is aborted with a `TimeoutError`. */
  timeout?: number | undefined;
  /** Objects among the arguments to be moved to the thread rather than copied. */
  transfer?: readonly object[] | undefined;
}

/** The calls that handles outside and inside have in common. */
export interface BoundCalls {
  /** As {@linkcode NetNS.do}. */
  do<Args extends unknown[], Result>(
    fn: DoFunction<Args, Result>,
    ...args: Args
  ): Promise<Outside<DoResult<Result>>>;
  /** As {@linkcode NetNS.import}; the options hold for each call of the functions too. */
  import<Module>(url: string | URL): Promise<ImportedFunctions<Module>>;
  /** As {@linkcode NetNS.exec}. */
  exec(
    command: string,
    args?: readonly string[],
    options?: ExecOptions & { encoding?: "utf8" },
  ): Promise<ExecResult<string>>;
  exec(
    command: string,
    args: readonly string[] | undefined,
    options: ExecOptions & { encoding: "buffer" },
  ): Promise<ExecResult<Uint8Array>>;
}

/** What {@linkcode NetNS.with} gives: the calls of a handle, bound to options. */
export interface BoundNetNS extends BoundCalls {
  /** As {@linkcode NetNS.fetch}; the options hold until the body is read. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/**
 * A handle inside a namespace thread. It has the asynchronous methods of {@linkcode NetNS}; the
 * main thread, which owns the handle, carries them out.
 */
export interface RemoteNetNS extends BoundCalls {
  /** As {@linkcode NetNS.name}. */
  readonly name: string | undefined;
  /** As {@linkcode NetNS.path}. */
  readonly path: string | undefined;
  /** As {@linkcode NetNS.dev}. */
  readonly dev: number;
  /** As {@linkcode NetNS.inode}. */
  readonly inode: number;
  /** As {@linkcode NetNS.equals}. */
  equals(other: { readonly dev: number; readonly inode: number }): boolean;
  /** As {@linkcode NetNS.with}, without `transfer`. */
  with(options: Omit<WithOptions, "transfer">): BoundCalls;
  /** The id by which the namespace of this thread knows the other one. */
  getNsid(): Promise<number | undefined>;
  /** Gives the other namespace an id in the namespace of this thread. */
  setNsid(nsid: number | "auto"): Promise<number>;
  /** As {@linkcode NetNS.pids}. */
  pids(options?: { threads?: boolean }): Promise<number[]>;
}

/** The last argument of a function that runs inside. */
export interface DoContext {
  /** The namespace that the function runs in. */
  readonly ns: RemoteNetNS;
  /** The namespace that the call came from: CNI's `hostNS`. */
  readonly host: RemoteNetNS;
  /** Fires when the call is aborted from outside. */
  readonly signal: AbortSignal;
}
