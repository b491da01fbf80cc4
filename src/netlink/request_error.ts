/**
 * The error of a request that the kernel refused, or that did not get through.
 *
 * @module
 */

import { errnoName, NetNSError } from "../errors.ts";
import type { Extack } from "./extack.ts";
import { messageTypeName } from "./message_type.ts";
import type { Hint } from "./request.ts";
import { requestHint } from "./request_hint.ts";

/** A request that the kernel refused. */
export interface Refusal {
  /** What was attempted: `link add v0`. */
  readonly op: string;
  /** The type of its message. */
  readonly type: number;
  /** `-errno`. */
  readonly result: number;
  readonly extack: Extack | undefined;
  /** What the request itself knows to help. */
  readonly hint?: Hint | undefined;
}

/** The error of a request that the kernel refused. */
export function refusedError(refusal: Refusal): NetNSError {
  const { op, type, result, extack } = refusal;
  const code = requestErrnoName(result);
  const reason = extack?.message === undefined ? "" : `: ${extack.message}`;
  return new NetNSError(`${op} failed with ${code}${reason}`, {
    code,
    errno: result,
    syscall: messageTypeName(type),
    op,
    extack,
    hint: refusal.hint?.(code, extack) ?? requestHint(code, type, extack),
  });
}

/** The error of a request that named a link which is not there. */
export function noSuchLinkError(op: string, option: string, name: string): NetNSError {
  return new NetNSError(`${op} failed with ENODEV: ${option} is ${JSON.stringify(name)}`, {
    code: "ENODEV",
    op,
    hint: `the namespace has no link ${JSON.stringify(name)}`,
  });
}

/** The error of a request that did not get through. */
export function undeliveredError(op: string, cause: unknown): unknown {
  if (!(cause instanceof NetNSError) || cause.op !== undefined) return cause;
  const { code, errno, syscall, hint } = cause;
  return new NetNSError(`${op} failed with ${code}`, { code, errno, syscall, hint, op, cause });
}

/** The error of a request that names a namespace which cannot be opened. */
export function unopenedError(op: string, option: string, cause: unknown): unknown {
  if (!(cause instanceof NetNSError)) return cause;
  const { code, errno, syscall, path, hint } = cause;
  return new NetNSError(`${op} failed with ${code}: ${option}: ${cause.message}`, {
    ...{ code, errno, syscall, path, hint, op, cause },
  });
}

/** The name of an errno. 95 has two, of which runtimes do not choose the same. */
function requestErrnoName(result: number): string {
  return result === -95 ? "EOPNOTSUPP" : errnoName(result);
}
