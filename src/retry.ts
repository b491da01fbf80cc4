/**
 * Waiting on the calling thread for what takes milliseconds and gives no other sign.
 *
 * @module
 */

import { libc } from "./libc.ts";

const none = new Uint8Array(new ArrayBuffer(8));

/**
 * Calls `attempt` every 10 ms until it returns a value, and returns that; `undefined` when it has
 * returned none in the given time. Blocks the thread.
 */
export function retry<T>(milliseconds: number, attempt: () => T | undefined): T | undefined {
  const { poll } = libc();
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const value = attempt();
    if (value !== undefined || performance.now() >= deadline) return value;
    poll(none, 0, 10);
  }
}
