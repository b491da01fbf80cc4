/**
 * Which user namespace a network namespace belongs to, and what the process lacks there.
 *
 * @module
 */

import { NS_GET_USERNS } from "../ffi/constants.ts";
import { readText } from "../ffi/files.ts";
import { statx, statxFd } from "../ffi/system_calls.ts";
import { errnoName } from "./errors.ts";
import { libc } from "./libc.ts";

const CAP_SYS_ADMIN = 21n;

const ways =
  "run as root, or in a user namespace of your own (netns rootless, unshare -Urnm); in " +
  "Docker add --cap-add SYS_ADMIN --cap-add NET_ADMIN";

/** Where the owner of a namespace stands, as the calling thread sees it. */
type Owner = "own" | "below" | "outside" | "unknown";

/**
 * Why the kernel refused with EPERM to create a namespace, or to enter the one that is open as `fd`:
 * that takes CAP_SYS_ADMIN in the user namespace which owns it, and in the process's own.
 */
export function explainRefusal(fd?: number): string {
  const owner = fd === undefined ? "own" : ownerOf(fd);
  if (owner === "outside") {
    return "the network namespace belongs to a user namespace outside of this process's, where it " +
      "can have no capability: enter it from there";
  }
  if (!hasSysAdmin()) {
    const where = isFirstUserNamespace()
      ? "the process has no CAP_SYS_ADMIN"
      : "the process has no " +
        "CAP_SYS_ADMIN in its user namespace";
    return `${where}: ${ways}`;
  }
  return owner === "own"
    ? "the process has CAP_SYS_ADMIN in its user namespace, so a filter of system calls (seccomp) " +
      "or a security module refuses: in Docker add --security-opt seccomp=unconfined"
    : "CAP_SYS_ADMIN is needed in the user namespace that the network namespace belongs to";
}

/** Whether the process may create and enter namespaces, but not enter the one that is open as `fd`. */
export function mayOnlyLeave(fd: number): boolean {
  return hasSysAdmin() && ownerOf(fd) === "outside";
}

function ownerOf(fd: number): Owner {
  const owner = libc().ioctl(fd, NS_GET_USERNS, null);
  // The kernel tells of none but the own user namespace and those below.
  if (owner < 0) return errnoName(owner) === "EPERM" ? "outside" : "unknown";
  try {
    const theirs = statxFd(libc(), owner);
    const ours = statx(libc(), "/proc/thread-self/ns/user");
    if (typeof theirs === "number" || typeof ours === "number") return "unknown";
    return theirs.inode === ours.inode ? "own" : "below";
  } finally {
    libc().close(owner);
  }
}

function hasSysAdmin(): boolean {
  const status = readText(libc(), "/proc/thread-self/status");
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(String(status))?.[1] ?? "0";
  return (BigInt(`0x${effective}`) >> CAP_SYS_ADMIN & 1n) === 1n;
}

/** Whether the user namespace is the first one, in which every id stands for itself. */
export function isFirstUserNamespace(): boolean {
  const map = readText(libc(), "/proc/thread-self/uid_map");
  return /^\s*0\s+0\s+4294967295\s*$/.test(String(map));
}
