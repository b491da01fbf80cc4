/**
 * Keeps the Workers that a namespace thread starts inside, and the Workers of those.
 *
 * @module
 */

import type { Containment } from "../containment.ts";
import { linkReader } from "../where.ts";
import { passOn } from "./bootstrap.ts";
import { constructOnBun } from "./bun.ts";
import { constructOnDeno } from "./deno.ts";
import { constructOnNode } from "./node.ts";
import { replaceWorkers } from "./worker_class.ts";

/** Contains the Workers of the calling thread. */
export function containWorkers(containment: Containment): void {
  const { inode, library, base, directory } = containment;
  if ("Deno" in globalThis) {
    replaceWorkers(constructOnDeno(inode, linkReader(library, base)));
    return;
  }
  passOn(containment);
  replaceWorkers("Bun" in globalThis ? constructOnBun(directory) : constructOnNode);
}
