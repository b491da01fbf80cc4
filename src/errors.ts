/**
 * The error class of the library, and how failed system calls become one.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import type { Extack } from "./netlink/extack.ts";

const brand = Symbol.for("@netns/netns.NetNSError");

/** What helps against an error, by code, or by system call and code. */
const hints: Readonly<Record<string, string>> = {
  EPERM: "CAP_SYS_ADMIN is needed: run as root, or in a user namespace (netns rootless, unshare " +
    "-Urnm); in Docker add --cap-add SYS_ADMIN --cap-add NET_ADMIN",
  EACCES: "the process may not look there: run as root, or check the permissions of the path",
  EMFILE: "the process has too many open files: close handles, or raise `ulimit -n`",
  ENFILE: "the system has too many open files: close some, or raise fs.file-max",
  ENOSPC: "a limit is reached: see user.max_net_namespaces in namespaces(7)",
  "open ENOSPC": "the file system is full",
  "mkdir ENOSPC": "the file system is full",
  "mount ENOSPC": "there are too many mounts: see fs.mount-max in proc_sys_fs(5)",
  EROFS: "the file system is read-only",
  EBADF: "the descriptor is not open",
  ERR_NETNS_NOT_FOUND:
    "check what was named: `netns list --all`, `ip netns` and `lsns -t net` show what there is",
  ERR_NETNS_WRONG_KIND: "NetNS is for network namespaces; setns() enters those of other kinds",
  ERR_NETNS_CLOSED: "open or create another handle",
  ERR_NETNS_THREAD_EXITED:
    "the next call starts a fresh thread; the cause says what ended this one",
};

/** What helps where a process does not find itself in /proc. */
export const PROC_HINT =
  "/proc is not mounted, or is that of another pid namespace: mount -t proc proc /proc";

function hintFor({ code, syscall }: NetNSErrorOptions): string | undefined {
  return hints[`${syscall} ${code}`] ?? hints[code];
}

/** The codes of errors that are not a failed system call. */
export type NetNSErrorCode =
  | "ERR_NETNS_CLOSED"
  | "ERR_NETNS_NOT_FOUND"
  | "ERR_NETNS_NOT_A_NAMESPACE"
  | "ERR_NETNS_WRONG_KIND"
  | "ERR_NETNS_NAME_INVALID"
  | "ERR_NETNS_UNSUPPORTED"
  | "ERR_NETNS_CAPTURED_VARIABLE"
  | "ERR_NETNS_UNCLONEABLE"
  | "ERR_NETNS_ASYNC_IN_SYNC"
  | "ERR_NETNS_RESTORE_FAILED"
  | "ERR_NETNS_THREAD_EXITED"
  | "ERR_NETNS_NOT_CONTAINED"
  | "ERR_NETNS_EXEC_FAILED"
  | "ERR_NETNS_DUMP_INTERRUPTED";

/** What a {@linkcode NetNSError} is made of besides its message. */
export interface NetNSErrorOptions extends ErrorOptions {
  /** See {@linkcode NetNSError.code}. */
  code: NetNSErrorCode | (string & Record<never, never>);
  /** See {@linkcode NetNSError.syscall}. */
  syscall?: string | undefined;
  /** See {@linkcode NetNSError.errno}. */
  errno?: number | undefined;
  /** See {@linkcode NetNSError.path}. */
  path?: string | undefined;
  /** See {@linkcode NetNSError.hint}. */
  hint?: string | undefined;
  /** See {@linkcode NetNSError.op}. */
  op?: string | undefined;
  /** See {@linkcode NetNSError.extack}. */
  extack?: Extack | undefined;
  /** See {@linkcode NetNSError.partial}. */
  partial?: readonly unknown[] | undefined;
}

/**
 * An error of this library.
 *
 * @example
 * ```ts
 * import { NetNS, NetNSError } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => NetNS.fromPath("/nonexistent"),
 *   (error) => error instanceof NetNSError && error.code === "ERR_NETNS_NOT_FOUND",
 * );
 * ```
 */
export class NetNSError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", {
      value: "NetNSError",
      configurable: true,
      writable: true,
    });
    Object.defineProperty(this.prototype, brand, { value: true });
  }

  /** The errno name when a system call failed (`EPERM`), else one of {@linkcode NetNSErrorCode}. */
  readonly code: NetNSErrorCode | (string & Record<never, never>);
  /** The system call that failed, as its man page is named. */
  declare readonly syscall?: string;
  /** The negative errno of the failed system call, as Node's own errors have it. */
  declare readonly errno?: number;
  /** The file that the error is about. */
  declare readonly path?: string;
  /** What to do about it. */
  declare readonly hint?: string;
  /** The request of network configuration that failed: `link add v0`. */
  declare readonly op?: string;
  /** What the kernel says about the request besides an errno. */
  declare readonly extack?: Extack;
  /** With `ERR_NETNS_DUMP_INTERRUPTED`: what was listed while it changed. Not shown in print. */
  declare readonly partial?: readonly unknown[];

  /** Makes an error; the library does so itself. */
  constructor(message: string, options: NetNSErrorOptions) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = options.code;
    const details = { ...options, hint: options.hint ?? hintFor(options) };
    for (const key of ["syscall", "errno", "path", "hint", "op", "extack", "partial"] as const) {
      if (details[key] !== undefined) {
        Object.defineProperty(this, key, {
          value: details[key],
          enumerable: key !== "partial",
          configurable: true,
          writable: true,
        });
      }
    }
  }
}

/**
 * Tells whether a value is a {@linkcode NetNSError}, also of another copy of the library.
 *
 * @param value Any value.
 * @returns Whether it is one.
 *
 * @example
 * ```ts
 * import { isNetNSError } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isNetNSError(new Error("other")), false);
 * ```
 */
export function isNetNSError(value: unknown): value is NetNSError {
  return typeof value === "object" && value !== null && brand in value;
}

let errnoNames: Map<number, string> | undefined;

/** The name of an errno, as `EPERM` for 1 or -1. */
export function errnoName(errno: number): string {
  errnoNames ??= namesOf(builtin.os.constants.errno);
  const number = Math.abs(errno);
  return errnoNames.get(number) ?? `errno ${number}`;
}

/** The first name of each number. */
function namesOf(constants: object): Map<number, string> {
  const names = new Map<number, string>();
  for (const [name, number] of Object.entries(constants)) {
    if (!names.has(number)) names.set(number, name);
  }
  return names;
}

/** What {@linkcode syscallError} is made from. */
export interface FailedCall {
  /** What was attempted: `Cannot enter network namespace "/run/netns/blue"`. */
  action: string;
  syscall: string;
  /** The result of the call: `-errno`. */
  result: number;
  path?: string | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/** The error for a failed system call. */
export function syscallError(call: FailedCall): NetNSError {
  const code = errnoName(call.result);
  return new NetNSError(`${call.action}: ${call.syscall} failed with ${code}`, {
    code,
    syscall: call.syscall,
    errno: call.result,
    path: call.path,
    hint: call.hint,
    ...(call.cause === undefined ? {} : { cause: call.cause }),
  });
}

/** Returns the result of a call, or throws the error for it. */
export function unwrap(result: number, call: Omit<FailedCall, "result">): number {
  if (result < 0) throw syscallError({ ...call, result });
  return result;
}
