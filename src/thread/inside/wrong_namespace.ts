/**
 * The error of a Worker that would leave the namespace.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";

/** The error for a Worker that would not be where the thread is that starts it. */
export function wrongNamespaceError(inode: number, found: string): NetNSError {
  const message = `Cannot start a Worker inside net:[${inode}]: its thread would be in ${found}`;
  return new NetNSError(message, {
    code: "ERR_NETNS_NOT_CONTAINED",
    hint: "a Worker is started in the namespace of the thread that calls: call do() of the other " +
      "namespace, and start it there",
  });
}
