/**
 * Whether the library can work here.
 *
 * @module
 */

import { isNetNSError } from "./errors.ts";
import { home } from "./position.ts";

/** What {@linkcode isSupported} finds. */
export type Support = { ok: true } | { ok: false; reason: string; hint: string };

/**
 * Tells whether this system and runtime can use network namespaces. Moves nobody.
 *
 * It looks at the operating system, the FFI of the runtime and the permission to use it. It does
 * not tell whether the process has `CAP_SYS_ADMIN`.
 *
 * @returns `{ ok: true }`, or why not and what helps.
 *
 * @example
 * ```ts
 * import { isSupported } from "@netns/netns";
 *
 * const support = isSupported();
 * if (!support.ok) console.error(support.reason, support.hint);
 * ```
 */
export function isSupported(): Support {
  try {
    home();
    return { ok: true };
  } catch (error) {
    if (!isNetNSError(error)) throw error;
    return { ok: false, reason: error.message, hint: error.hint ?? "is /proc mounted?" };
  }
}
