/**
 * The messages between the main thread and a namespace thread.
 *
 * @module
 */

import type { NameConfiguration } from "../dns/configuration.ts";
import type { EncodedError } from "./error_envelope.ts";
import type { EncodedValue } from "./encode_value.ts";

/** A handle as the other side is told of it. */
export interface HandleDescription {
  /** The number under which the main thread knows it for this thread. */
  handle: number;
  name: string | undefined;
  path: string | undefined;
  dev: number;
  inode: number;
  /** The cookie; undefined where the kernel has none. */
  id: bigint | undefined;
}

/** A handle that the other side may have been told of before: by its number then. */
export type KnownHandle = HandleDescription | number;

/** What a namespace thread is born with. */
export interface ThreadData {
  /** The namespace that the thread must be in. */
  self: HandleDescription;
  /** libc, as `NETNS_LIBC` names it. */
  library: string | undefined;
  /** Where packages are looked up from. */
  base: string;
  /** How names are resolved. */
  names: NameConfiguration;
  /** The text of the program that it runs. */
  program: string;
  /** What V8 made of that text, on Node. */
  codeCache: Uint8Array | undefined;
  /**
   * The text that the program evaluates late, in memory that all threads share. No array of it, as
   * Deno walks over each byte of one.
   */
  late: SharedArrayBuffer;
  /** What V8 made of it, on Node. */
  lateCodeCache: Uint8Array | undefined;
  /** Path of a directory that the thread may make. */
  directory: string;
}

/** What a call runs: a function sent as text, or one that a module exports. */
export type Callee =
  | { source: string }
  | { url: string; export: string };

/**
 * Calls of a function sent as text, with arguments that need no encoding: the usual ones. Names of
 * properties cost more than all else, and a text costs less than an array: a single call without
 * arguments is one, see {@linkcode bareCall}.
 */
export type PlainCalls = [
  source: string,
  host: KnownHandle,
  ...calls: (number | readonly unknown[] | undefined)[], // The id of each, and its arguments.
];

/** A call without arguments. */
export type BareCall = string;

/** Makes a {@linkcode BareCall}, from a host that is known. */
export function bareCall(id: number, host: number, source: string): BareCall {
  return `${id} ${host} ${source}`;
}

/** What was made a {@linkcode BareCall}. */
export function parseBareCall(call: BareCall): PlainCalls {
  const afterId = call.indexOf(" ");
  const afterHost = call.indexOf(" ", afterId + 1);
  const id = Number(call.slice(0, afterId));
  return [call.slice(afterHost + 1), Number(call.slice(afterId + 1, afterHost)), id, undefined];
}

/** A request to be made: what {@linkcode FetchOrder} has, as a list. */
export type FetchCall = [
  id: number,
  url: string,
  method: string,
  redirect: Request["redirect"],
  /** Whether it may be aborted. */
  isBound: boolean,
  body: Uint8Array | number | undefined,
  /** `{ init }`, where there is anything in it. */
  others: EncodedValue | undefined,
  ...headers: string[],
];

/** The id of each call, and its result, when that needs no encoding. */
export type PlainResults = unknown[];

/** The id of a call that returned nothing. */
export type BareResult = number;

/** From the main thread to a namespace thread. */
export type ToThread =
  | PlainCalls
  | BareCall
  | FetchCall
  | { type: "call"; id: number; callee: Callee; args: EncodedValue; host: KnownHandle }
  | { type: "import"; id: number; url: string }
  | { type: "read"; id: number; body: number }
  | { type: "release"; body: number }
  | { type: "abort"; id: number; reason: EncodedError }
  | { type: "reply"; id: number; value: EncodedValue }
  | { type: "failure"; id: number; error: EncodedError };

/** What a remote handle asks the main thread to do. */
export interface RemoteRequest {
  handle: number;
  method: RemoteMethod;
  /** For `do` and `import` calls: what to run. */
  callee?: Callee;
  /** Cloned arguments of the method. */
  args: EncodedValue;
  /** Milliseconds after which the call is given up. */
  timeout?: number | undefined;
}

/** The methods that a remote handle has. */
export type RemoteMethod =
  | "call"
  | "exports"
  | "exec"
  | "getNsid"
  | "setNsid"
  | "getSysctl"
  | "setSysctl"
  | "readProcNet"
  | "pids"
  | "close"
  | "netlink"
  | "iterate"
  | "nextIteration"
  | "endIteration"
  | "readBody"
  | "cancelBody";

/** From a namespace thread to the main thread. */
export type FromThread =
  | PlainResults
  | BareResult
  | { type: "ready"; tid: number }
  | { type: "refused"; found: string }
  | { type: "failed"; error: EncodedError }
  | { type: "result"; id: number; value: EncodedValue }
  | { type: "error"; id: number; error: EncodedError }
  | { type: "aborted"; id: number }
  | { type: "request"; id: number; request: RemoteRequest }
  | { type: "cancel"; id: number; reason: EncodedError };
