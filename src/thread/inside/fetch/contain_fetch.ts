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
  if ("Bun" in globalThis) containBun();
  if ("Deno" in globalThis) containDeno(initialEnvironment);
}
