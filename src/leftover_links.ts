/**
 * Links that would outlive the handle of their namespace. Helpers of Bun's collector and compiler
 * that began inside keep a closed namespace for a while; what it is joined to would go on to see it.
 *
 * @module
 */

import { readDirectory, readLink, readText } from "../ffi/files.ts";
import { isNetNSError } from "./errors.ts";
import { netlinkOptions } from "./handle_netlink.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { rtnetlink } from "./netlink/load.ts";
import { pidsOf } from "./pids.ts";

/**
 * Deletes links of a namespace that nobody uses but helpers of this process.
 *
 * @param indexes The links that were made through the handle.
 */
export async function deleteLeftoverLinks(
  namespace: Namespace,
  indexes: Iterable<number>,
): Promise<void> {
  if (!isKeptByHelpers(namespace) || isUsed(namespace)) return;
  const { Netlink } = await rtnetlink.load();
  const netlink = new Netlink(netlinkOptions(namespace, () => namespace, () => undefined));
  try {
    await Promise.all(Array.from(indexes, async (index) => {
      try {
        await netlink.link.del(index);
      } catch (error) {
        // It is gone, as its other end is.
        if (!isNetNSError(error) || error.code !== "ENODEV") throw error;
      }
    }));
  } finally {
    await netlink.close();
  }
}

/** Whether threads are left there, after that of the handle has ended. */
function isKeptByHelpers(namespace: Namespace): boolean {
  return pidsOf(namespace, { threads: true }).length > 0;
}

/** Whether another process, another descriptor or a mount may go on to use the namespace. */
function isUsed(namespace: Namespace): boolean {
  const self = Number(readLink(libc(), "/proc/self"));
  if (pidsOf(namespace).some((pid) => pid !== self)) return true;
  const name = `net:[${namespace.inode}]`;
  const fds = readDirectory(libc(), "/proc/self/fd");
  const mounts = readText(libc(), "/proc/self/mountinfo");
  if (typeof fds === "number" || typeof mounts === "number") return true;
  const open = fds.filter((fd) => readLink(libc(), `/proc/self/fd/${fd}`) === name);
  return open.length > 1 || mounts.includes(` ${name} `);
}
