/**
 * What a function sees that runs in a namespace thread: types only.
 *
 * @module
 */

import type { InsideAll, Outside, OutsideAll } from "./arrival.ts";
import type { CloseOptions, NetNS, PidsOptions } from "./netns.ts";
import type { DoResult } from "./thread/types.ts";

/** A function for `do`: it gets the arguments of the call, then the context. */
export type DoFunction<Args extends readonly unknown[], Result> = (
  ...args: [...InsideAll<Args>, ctx: DoContext]
) => Result;

/**
 * The functions that a module exports, as {@linkcode NetNS.import} gives them. They get the arguments
 * of the call, and no {@linkcode DoContext}.
 */
export type ImportedFunctions<Module> = {
  readonly [Name in keyof Module as FunctionName<Module, Name>]: Module[Name] extends
    (...args: infer Args) => infer Result
    ? (...args: OutsideAll<Args>) => Promise<Outside<DoResult<Result>>>
    : never;
};

/** The functions that a module exports, as {@linkcode RemoteNetNS.import} gives them inside. */
export type RemoteImportedFunctions<Module> = {
  readonly [Name in keyof Module as FunctionName<Module, Name>]: Module[Name] extends
    (...args: infer Args) => infer Result ? (...args: Args) => Promise<DoResult<Result>>
    : never;
};

type FunctionName<Module, Name extends keyof Module> = Module[Name] extends
  (...args: never[]) => unknown ? Name : never;

/** What a call may be bound to; see {@linkcode NetNS.with}. */
export interface WithOptions {
  /** Aborts the call: it rejects with `signal.reason`, and `ctx.signal` fires inside. */
  signal?: AbortSignal | undefined;
  /** Milliseconds, at least 1, after which the call is aborted with a `TimeoutError`. */
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
  /**
   * As {@linkcode NetNS.import}. The options hold for each call of the functions too, which are not
   * told of an abortion: they get no context.
   */
  import<Module>(url: string | URL): Promise<ImportedFunctions<Module>>;
  /** As {@linkcode NetNS.exec}: after the timeout it rejects with an {@linkcode ExecError}. */
  exec: NetNS["exec"];
}

/** The calls of a handle inside a namespace thread, where their results stay inside. */
export interface RemoteCalls {
  /** As {@linkcode NetNS.do}; a handle in the result is a {@linkcode RemoteNetNS} here too. */
  do<Args extends unknown[], Result>(
    fn: DoFunction<Args, Result>,
    ...args: Args
  ): Promise<DoResult<Result>>;
  /** As {@linkcode NetNS.import}; the functions take and give a {@linkcode RemoteNetNS}. */
  import<Module>(url: string | URL): Promise<RemoteImportedFunctions<Module>>;
  /** As {@linkcode NetNS.exec}. */
  exec: NetNS["exec"];
}

/** What {@linkcode NetNS.with} gives: the calls of a handle, bound to options. */
export interface BoundNetNS extends BoundCalls {
  /** As {@linkcode NetNS.fetch}; the options hold until the body is read. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/**
 * A handle inside a namespace thread. It has the asynchronous methods of {@linkcode NetNS} but
 * `fetch`, as a `Response` cannot cross; the main thread, which owns the handle, carries them out. A
 * request from there is a call: `ctx.host.do(async (url) => await (await fetch(url)).text(), url)`.
 */
export interface RemoteNetNS extends RemoteCalls {
  /** As {@linkcode NetNS.name}. */
  readonly name: string | undefined;
  /** As {@linkcode NetNS.path}. */
  readonly path: string | undefined;
  /** As {@linkcode NetNS.id}; undefined where the kernel has none. */
  readonly id: bigint | undefined;
  /** As {@linkcode NetNS.dev}. */
  readonly dev: number;
  /** As {@linkcode NetNS.inode}. */
  readonly inode: number;
  /** As {@linkcode NetNS.equals}. */
  equals(other: { readonly dev: number; readonly inode: number }): boolean;
  /** As {@linkcode NetNS.with}, without `transfer`. */
  with(options: Omit<WithOptions, "transfer">): RemoteCalls;
  /** As {@linkcode NetNS.link}. */
  readonly link: NetNS["link"];
  /** As {@linkcode NetNS.addr}. */
  readonly addr: NetNS["addr"];
  /** As {@linkcode NetNS.route}. */
  readonly route: NetNS["route"];
  /** As {@linkcode NetNS.rule}. */
  readonly rule: NetNS["rule"];
  /** As {@linkcode NetNS.neigh}. */
  readonly neigh: NetNS["neigh"];
  /** As {@linkcode NetNS.fdb}. */
  readonly fdb: NetNS["fdb"];
  /** As {@linkcode NetNS.nsid}. */
  readonly nsid: NetNS["nsid"];
  /** As {@linkcode NetNS.qdisc}. */
  readonly qdisc: NetNS["qdisc"];
  /** As {@linkcode NetNS.class}. */
  readonly class: NetNS["class"];
  /** As {@linkcode NetNS.filter}. */
  readonly filter: NetNS["filter"];
  /** As {@linkcode NetNS.sysctl}. */
  readonly sysctl: Pick<NetNS["sysctl"], "get" | "set">;
  /**
   * As {@linkcode NetNS.monitor}. The main thread listens: nothing is missed of what happens after
   * its answer to any request that was made later.
   */
  readonly monitor: NetNS["monitor"];
  /** As {@linkcode NetNS.readProcNet}. */
  readProcNet(file: string): Promise<string>;
  /** The id by which the namespace of this thread knows the other one. */
  getNsid(): Promise<number | undefined>;
  /** Gives the other namespace an id in the namespace of this thread. */
  setNsid(nsid: number | "auto"): Promise<number>;
  /** As {@linkcode NetNS.pids}. */
  pids(options?: PidsOptions): Promise<number[]>;
  /** As {@linkcode NetNS.close}; refused for the namespace of this thread. */
  close(options?: CloseOptions): Promise<void>;
  /** As {@linkcode close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
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
