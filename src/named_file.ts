/**
 * The file behind a name: an empty file with a namespace mounted on it.
 *
 * @module
 */

import {
  AT_SYMLINK_NOFOLLOW,
  CLONE_NEWNET,
  MNT_DETACH,
  MS_BIND,
  NS_GET_NSTYPE,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  UMOUNT_NOFOLLOW,
} from "../ffi/constants.ts";
import { statx, statxFd } from "../ffi/system_calls.ts";
import { errnoName, NetNSError, type NetNSErrorCode, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { mounts, namespaceInode } from "./mountinfo.ts";
import type { Namespace } from "./namespace.ts";
import { pidsWhere } from "./pids.ts";
import { retry } from "./retry.ts";

/** How long a file may stay busy, in ms. */
const BUSY_TIMEOUT = 1000;

/** How many processes a message lists. */
const MOST_PIDS = 10;

/** What a name stands for. A stale one is an empty file with nothing mounted on it. */
type NameState = "missing" | "stale" | "bound" | "link";

/** Whether there is any file at a path; true also where that cannot be seen. */
export function exists(path: string): boolean {
  const status = statx(libc(), path, AT_SYMLINK_NOFOLLOW);
  return typeof status !== "number" || !["ENOENT", "ENOTDIR"].includes(errnoName(status));
}

/** Whether a path is that of an empty plain file, as a name is before its namespace is mounted. */
export function isEmptyFile(path: string): boolean {
  const status = statx(libc(), path, AT_SYMLINK_NOFOLLOW);
  return typeof status !== "number" && (status.mode & S_IFMT) === S_IFREG && status.size === 0;
}

/** Whether a path is that of a symbolic link. */
export function isLink(path: string): boolean {
  const status = statx(libc(), path, AT_SYMLINK_NOFOLLOW);
  return typeof status !== "number" && (status.mode & S_IFMT) === S_IFLNK;
}

/** Makes a file that names `namespace`. The mount comes last, so that nothing can fail after it. */
export function bindName(namespace: Namespace, path: string, action: string): void {
  const { close, mount, open, unlink } = libc();
  const source = `/proc/thread-self/fd/${namespace.fd}`;
  const file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  const hint = file < 0 && errnoName(file) === "EEXIST"
    ? 'the name is taken: choose another, delete it, or create with exist: "open" or "replace"'
    : undefined;
  close(unwrap(file, { action, syscall: "open", path, hint }));
  const result = mount(source, path, "none", MS_BIND, null);
  if (result < 0) {
    unlink(path);
    throw syscallError({ action, syscall: "mount", result, path });
  }
}

/**
 * Removes a name, be it bound or stale, and nothing else; of a symbolic link the link alone. Returns
 * whether there was one.
 *
 * Works for a name that has namespaces mounted on it more than once.
 */
export function removeName(path: string, action: string): boolean {
  const { umount2, unlink } = libc();
  if (inspect(path, action) === "missing") return false;
  let failed = { syscall: "unlink", result: 0 };
  const removed = retry(BUSY_TIMEOUT, () => {
    for (;;) {
      const state = inspect(path, action);
      if (state === "missing") return true;
      const syscall = state === "bound" ? "umount2" : "unlink";
      const result = state === "bound" ? umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) : unlink(path);
      if (result < 0) {
        failed = { syscall, result };
        // Busy, or another process was faster: it is looked at again.
        if (["EBUSY", "EINVAL", "ENOENT"].includes(errnoName(result))) return undefined;
        throw syscallError({ action, ...failed, path });
      }
      if (state !== "bound") return true;
    }
  });
  if (removed) return true;
  throw syscallError({ action, ...failed, path, hint: whatKeeps(path, action) });
}

/** Why a name cannot be removed: what is mounted there, and who lives in it. */
function whatKeeps(path: string, action: string): string {
  const found = mounts().filter(({ point }) => point === path);
  const listed = found.map(({ id, root }) => `mount ${id} of ${root}`).join(", ");
  const inodes = found.map(({ root }) => namespaceInode(root));
  const pids = pidsWhere(({ inode }) => inodes.includes(inode), action);
  const more = pids.length > MOST_PIDS ? ` and ${pids.length - MOST_PIDS} more` : "";
  const listedPids = pids.slice(0, MOST_PIDS).join(" ");
  const inhabitants = pids.length === 0 ? "" : `; processes in it: ${listedPids}${more}`;
  const what = `something is still mounted on it, out of sight${listed && ` (${listed})`}`;
  return `${what}${inhabitants}; unmount what is mounted over its directory (findmnt shows it), ` +
    "then delete the name again";
}

/** A link is a name where it leads to a network namespace, or to one that is gone. */
function inspectLink(path: string, action: string): "link" {
  const fd = libc().open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
  if (fd < 0) {
    if (["ENOENT", "ENOTDIR"].includes(errnoName(fd))) return "link";
    throw refusal(path, action, "it is a symbolic link to what cannot be opened");
  }
  const kind = libc().ioctl(fd, NS_GET_NSTYPE, null);
  libc().close(fd);
  if (kind === CLONE_NEWNET) return "link";
  throw refusal(path, action, "it is a symbolic link to something else");
}

function inspect(path: string, action: string): NameState {
  const { close, ioctl, open } = libc();
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const fd = open(path, flags, 0);
  if (fd < 0) {
    switch (errnoName(fd)) {
      case "ENOENT":
      case "ENOTDIR":
        return "missing";
      case "ELOOP":
        return inspectLink(path, action);
      case "ENXIO":
        throw refusal(path, action, "it is a socket or a device");
      default:
        throw syscallError({ action, syscall: "open", result: fd, path });
    }
  }
  try {
    const kind = ioctl(fd, NS_GET_NSTYPE, null);
    if (kind === CLONE_NEWNET) return "bound";
    if (kind >= 0) {
      throw refusal(path, action, "it is a namespace of another kind", "ERR_NETNS_WRONG_KIND");
    }
    const status = statxFd(libc(), fd);
    if (typeof status === "number") {
      throw syscallError({ action, syscall: "statx", result: status, path });
    }
    if ((status.mode & S_IFMT) !== S_IFREG) throw refusal(path, action, "it is no plain file");
    if (status.size > 0) throw refusal(path, action, "it is a file with content");
    return "stale";
  } finally {
    close(fd);
  }
}

function refusal(
  path: string,
  action: string,
  reason: string,
  code: NetNSErrorCode = "ERR_NETNS_NOT_A_NAMESPACE",
): NetNSError {
  return new NetNSError(`${action}: ${reason}`, {
    code,
    path,
    hint: "no name of a network namespace is like that: remove it by hand if it is not needed",
  });
}
