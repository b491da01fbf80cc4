/**
 * What is seen of named namespaces without the library.
 *
 * @module
 */

import { mountPoints } from "./process_state.ts";

/** How often something is mounted on a path. */
export function mountsOn(path: string): number {
  return mountPoints().filter((mount) => mount.path === path).length;
}
