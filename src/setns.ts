/**
 * setns(2) for namespaces of every kind.
 *
 * @module
 */

import { CLONE_NEWNET } from "../ffi/constants.ts";
import { unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { forgetPosition, home } from "./position.ts";

/**
 * Moves the calling thread into a namespace of any kind: setns(2), for the kinds that
 * {@linkcode NetNS} does not cover. Nothing brings the thread back.
 *
 * @param fd A descriptor of the namespace, or a pidfd.
 * @param nstype The kind that it must be, as `CLONE_NEWUTS`; 0 for any.
 * @throws {NetNSError} The errno: `EPERM`, `EINVAL` when it is of another kind, `EBADF`.
 * @see {@link https://man7.org/linux/man-pages/man2/setns.2.html}
 *
 * @example
 * ```ts
 * import { CLONE_NEWNET, NetNS, setns } from "@netns/netns";
 *
 * setns(NetNS.home().fd, CLONE_NEWNET);
 * ```
 */
export function setns(fd: number, nstype: number): void {
  home();
  const result = libc().setns(fd, nstype);
  if (nstype === 0 || (nstype & CLONE_NEWNET) !== 0) forgetPosition();
  unwrap(result, { action: `Cannot enter the namespace of descriptor ${fd}`, syscall: "setns" });
}
