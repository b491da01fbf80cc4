/**
 * Files that are fetched by a `file:` URL, which the runtime opens on other threads.
 *
 * @module
 */

import type { Recognize } from "./kernel_path.ts";
import { refusal } from "./refusal.ts";

/** Has `fetch` refuse files that would be home's. */
export function containFileUrls(recognize: Recognize): void {
  const { fetch } = globalThis;
  const checked = async (...args: Parameters<typeof fetch>): Promise<Response> => {
    const [input] = args;
    const url = input instanceof Request ? input.url : String(input);
    if (/^\s*file:/i.test(url)) {
      const found = recognize(new URL(url));
      if (found !== undefined) throw refusal(found);
    }
    return await fetch(...args);
  };
  for (const key of ["name", "length"] as const) {
    Object.defineProperty(checked, key, { value: fetch[key], configurable: true });
  }
  globalThis.fetch = Object.assign(checked, fetch);
}
