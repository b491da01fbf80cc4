/**
 * Makes every way to fetch act in the namespace of this thread.
 *
 * @module
 */

import { containBun } from "./bun.ts";
import { containDeno } from "./deno.ts";

/**
 * Contains fetch and its relatives, where the runtime's own do not act as this thread's namespace
 * and environment say.
 *
 * @param initialEnvironment Gives the environment that the process was started with.
 */
export function containFetch(initialEnvironment: () => string): void {
  if ("Bun" in globalThis) {
    containBun();
    overSockets = () => true;
  }
  if ("Deno" in globalThis) overSockets = containDeno(initialEnvironment);
}

let overSockets = (): boolean => false;

/** Whether `fetch` goes over sockets of this thread at present. */
export function isOverSockets(): boolean {
  return overSockets();
}
