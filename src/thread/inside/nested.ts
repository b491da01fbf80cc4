/**
 * The beginning of a Worker that was started inside: it is contained before its own program runs.
 *
 * @module
 */

import { contain, type Containment } from "./containment.ts";
import { useLate } from "./late.ts";
import { linkReader, networkNamespace } from "./where.ts";
import { markContained } from "./workers/bootstrap.ts";
import { restoreFlags } from "./workers/flags.ts";
import { wrongNamespaceError } from "./wrong_namespace.ts";

/** Contains the calling thread. */
export function startNested(containment: Containment): void {
  const { inode, library, base } = containment;
  useLate(containment.late);
  restoreFlags(containment.execArgv);
  const readLink = linkReader(library, base);
  const found = networkNamespace(readLink);
  if (found !== `net:[${inode}]`) throw wrongNamespaceError(inode, found);
  contain(containment, readLink);
  markContained();
}
