/**
 * The paths that functions of the runtime are given in place of those that a program names.
 *
 * @module
 */

import type { Recognize } from "./kernel_path.ts";
import { refusal } from "./refusal.ts";

/**
 * The path that leads where a path leads on this very thread, whichever thread follows it.
 *
 * @throws {NetNSError} `ERR_NETNS_NOT_CONTAINED` for what shows another namespace everywhere.
 */
export function follow(recognize: Recognize, path: unknown): unknown {
  const found = recognize(path);
  if (found?.kind === "sysfs") throw refusal(found);
  return found?.path ?? path;
}
