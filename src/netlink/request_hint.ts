/**
 * What to do about a request that the kernel refused, where it does not say so itself.
 *
 * @module
 */

import type { Extack } from "./extack.ts";

/** What helps against the error of a request. */
export function requestHint(
  code: string,
  _type: number,
  _extack: Extack | undefined,
): string | undefined {
  return code === "EPERM" ? "CAP_NET_ADMIN is needed" : undefined;
}
