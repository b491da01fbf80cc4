/**
 * Keeps the Workers that a namespace thread starts inside, and the Workers of those.
 *
 * @module
 */

import type { Containment } from "../containment.ts";
import type { ReadLink } from "../where.ts";
import { passOn } from "./bootstrap.ts";
import { constructOnBun } from "./bun.ts";
import { constructOnDeno } from "./deno.ts";
import { constructOnNode } from "./node.ts";
import { type ConstructWorker, replaceWorkers } from "./worker_class.ts";

/** Contains the Workers of the calling thread. */
export function containWorkers(containment: Containment, readLink: ReadLink): void {
  const { inode, directory } = containment;
  if ("Deno" in globalThis) {
    replaceWorkers(constructOnDeno(inode, readLink));
    return;
  }
  passOn(containment);
  const construct: ConstructWorker = "Bun" in globalThis
    ? (...asked) => constructOnBun(directory, ...asked)
    : constructOnNode;
  replaceWorkers(construct);
}
