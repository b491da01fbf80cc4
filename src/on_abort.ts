/**
 * Listening to a signal of the caller's, of which one may end any number of calls.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";

/** Calls a listener when the signal is aborted; `removeEventListener` takes it back. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  allowManyListeners(signal);
  signal.addEventListener("abort", listener, { once: true });
}

/**
 * Keeps older versions of Node from warning of a leak at the eleventh listener, as newer ones do by
 * themselves. A limit that the caller has set stays.
 */
export function allowManyListeners(signal: AbortSignal): void {
  if ("Deno" in globalThis || "Bun" in globalThis) return;
  const { defaultMaxListeners, getMaxListeners, setMaxListeners } = builtin.events;
  try {
    if (getMaxListeners(signal) === defaultMaxListeners) setMaxListeners(Infinity, signal);
  } catch {
    // Node 20 does not tell a limit of 0, which is none.
  }
}
