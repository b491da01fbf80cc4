/**
 * Threads of this process as the kernel knows them.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { readLink } from "../../ffi/files.ts";
import type { Libc } from "../../ffi/libc.ts";
import { statx } from "../../ffi/system_calls.ts";

/** The id of the calling thread. */
export function threadId(libc: Libc): number {
  return Number(`${readLink(libc, "/proc/thread-self")}`.split("/").pop());
}

/** Whether a thread is there; one that has not told its id counts as none. */
export function isThere(libc: Libc, tid: number | undefined): boolean {
  return tid !== undefined && typeof statx(libc, `/proc/self/task/${tid}`) !== "number";
}

/** Waits until a thread is gone; false when it is there after so many ms. */
export async function untilGone(
  libc: Libc,
  tid: number | undefined,
  ms: number,
): Promise<boolean> {
  const deadline = Date.now() + ms;
  for (let wait = 1; isThere(libc, tid); wait = Math.min(wait * 2, 50)) {
    if (Date.now() > deadline) return false;
    await builtin.timers.promises.setTimeout(wait);
  }
  return true;
}
