/**
 * Makes every way to fetch act in the namespace of this thread.
 *
 * @module
 */

import { hasProxy } from "../../environment.ts";
import { containBun } from "./bun.ts";
import { containedFetch, type NativeFetch } from "./fetch.ts";

/** Contains fetch, where the runtime's own does not act as this thread's environment says. */
export function containFetch(): void {
  if ("Bun" in globalThis) containBun();
  if ("Deno" in globalThis && hasProxy()) ignoreProxies();
}

/** Deno's fetch uses the proxies of the process, whatever environment a thread has. */
function ignoreProxies(): void {
  const scope = globalThis as unknown as { fetch: NativeFetch };
  const native = scope.fetch;
  scope.fetch = async function fetch(...args: [input: string, init?: RequestInit]) {
    const hasClient = args[1] !== undefined && args[1] !== null && "client" in args[1];
    return await (hasClient ? native(...args) : containedFetch(native, args));
  };
}
