/**
 * Whether the kernel still has a thread of this process.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { statx } from "../../ffi/system_calls.ts";
import { libc } from "../libc.ts";

/** Whether a thread is there; one that has not told its id counts as none. */
export function isThere(tid: number | undefined): boolean {
  return tid !== undefined && typeof statx(libc(), `/proc/self/task/${tid}`) !== "number";
}

/** Waits until a thread is gone; false when it is there after so many ms. */
export async function untilGone(tid: number | undefined, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  for (let wait = 1; isThere(tid); wait = Math.min(wait * 2, 50)) {
    if (Date.now() > deadline) return false;
    await delay(wait);
  }
  return true;
}
