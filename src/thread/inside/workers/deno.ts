/**
 * Workers of Deno. All that they do happens on threads which are born inside, as they are.
 *
 * @module
 */

import type { ReadLink } from "../where.ts";
import { networkNamespace } from "../where.ts";
import { wrongNamespaceError } from "../wrong_namespace.ts";
import type { ConstructWorker } from "./worker_class.ts";

/** Starts a Worker when the thread that starts it is inside. */
export function constructOnDeno(inode: number, readLink: ReadLink): ConstructWorker {
  return (own, args, newTarget) => {
    const found = networkNamespace(readLink);
    if (found !== `net:[${inode}]`) throw wrongNamespaceError(inode, found);
    return Reflect.construct(own, args, newTarget);
  };
}
