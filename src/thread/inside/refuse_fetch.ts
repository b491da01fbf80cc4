/**
 * Bun sends the requests of `fetch` from one thread for the whole process, which is at home.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";

/** Makes `fetch` refuse to work inside on Bun, rather than act at home. */
export function refuseFetch(): void {
  const bun = (globalThis as { Bun?: { fetch: unknown } }).Bun;
  if (bun === undefined) return;
  const refuse = () =>
    Promise.reject(
      new NetNSError("Cannot fetch inside a network namespace: Bun would do so outside", {
        code: "ERR_NETNS_NOT_CONTAINED",
        hint: "use node:http or node:https inside",
      }),
    );
  const refusing = Object.assign(refuse, { preconnect: () => {} });
  Object.defineProperty(globalThis, "fetch", {
    value: refusing,
    configurable: true,
    writable: true,
  });
  bun.fetch = refusing;
}
