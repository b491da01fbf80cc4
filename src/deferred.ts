/**
 * Functions and results whose work happens after the call: not for a synchronous window.
 *
 * @module
 */

import { NetNSError } from "./errors.ts";

const deferring = new Set(
  [async function () {}, function* () {}, async function* () {}].map((fn) => fn.constructor),
);

/** Refuses async and generator functions before they run. */
export function refuseDeferred(fn: (...args: never[]) => unknown): void {
  if (!deferring.has(fn.constructor)) return;
  throw new NetNSError("Cannot run an async or generator function in doSync()", {
    code: "ERR_NETNS_ASYNC_IN_SYNC",
    hint: "it would go on running outside the namespace: use `await ns.do(fn)`",
  });
}

/** Tells whether a value is a promise or looks like one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function";
}
