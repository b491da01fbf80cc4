/**
 * The beginning of a Worker that was started inside: it is contained before its own program runs.
 *
 * @module
 */

import { contain, type Containment } from "./containment.ts";
import { linkReader, networkNamespace, wrongNamespaceError } from "./where.ts";
import { markContained } from "./workers/bootstrap.ts";
import { restoreFlags } from "./workers/node.ts";

/** Contains the calling thread. */
export function startNested(containment: Containment): void {
  const { inode, library, base } = containment;
  restoreFlags(containment.execArgv);
  const found = networkNamespace(linkReader(library, base));
  if (found !== `net:[${inode}]`) throw wrongNamespaceError(inode, found);
  contain(containment);
  markContained();
}
