/**
 * Makes tun and tap links: TUNSETIFF of /dev/net/tun.
 *
 * @module
 */

import { O_CLOEXEC, O_RDWR } from "../ffi/constants.ts";
import { IFR_FLAGS, ifreq } from "../ffi/structs.ts";
import { errnoName, NetNSError } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import {
  IFF_MULTI_QUEUE,
  IFF_NO_PI,
  IFF_TAP,
  IFF_TUN,
  IFF_TUN_EXCL,
  IFF_VNET_HDR,
  TUNSETGROUP,
  TUNSETIFF,
  TUNSETOWNER,
  TUNSETPERSIST,
} from "./netlink/constants/if_tun.ts";
import type { NewTun } from "./netlink/link/new_tun.ts";
import { inside } from "./position.ts";

const device = "/dev/net/tun";
const decoder = new TextDecoder();

/** Makes a link that stays when nothing is attached to it; returns its name. */
export function makeTun(namespace: Namespace, tun: NewTun): string {
  const op = `link add ${tun.name ?? tun.kind}`;
  const attempt = (syscall: string, result: number, path?: string) => {
    if (result >= 0) return result;
    throw failed(op, syscall, result, path);
  };
  // The namespace of the link is the one in which the device was opened.
  const opened = inside(namespace, () => libc().open(device, O_RDWR | O_CLOEXEC, 0));
  const fd = attempt("open", opened, device);
  try {
    const { bytes, view } = ifreq(tun.name ?? "");
    view.setUint16(IFR_FLAGS, flagsOf(tun), true);
    const { ioctl, ioctlNumber } = libc();
    attempt("ioctl", ioctl(fd, TUNSETIFF, bytes));
    const { owner, ownerGroup } = tun;
    if (owner !== undefined) attempt("ioctl", ioctlNumber(fd, TUNSETOWNER, owner));
    if (ownerGroup !== undefined) attempt("ioctl", ioctlNumber(fd, TUNSETGROUP, ownerGroup));
    attempt("ioctl", ioctlNumber(fd, TUNSETPERSIST, 1));
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  } finally {
    // A link that is not persistent yet goes with its descriptor.
    libc().close(fd);
  }
}

function flagsOf({ kind, pi = false, vnetHdr = false, multiQueue = false }: NewTun): number {
  return (kind === "tap" ? IFF_TAP : IFF_TUN) | IFF_TUN_EXCL | (pi ? 0 : IFF_NO_PI) |
    (vnetHdr ? IFF_VNET_HDR : 0) | (multiQueue ? IFF_MULTI_QUEUE : 0);
}

function failed(op: string, syscall: string, result: number, path?: string): NetNSError {
  // The kernel's word for a name that is in use, where it was asked for a new link.
  const code = errnoName(result) === "EBUSY" ? "EEXIST" : errnoName(result);
  return new NetNSError(`${op} failed with ${code}`, {
    code,
    errno: result,
    syscall,
    path,
    op,
    hint: hint(code),
  });
}

function hint(code: string): string | undefined {
  switch (code) {
    case "EEXIST":
      return "a link of that name exists";
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return "the kernel module tun is missing, or /dev/net/tun";
    case "EPERM":
    case "EACCES":
      return "CAP_NET_ADMIN in the namespace and access to /dev/net/tun are needed";
    default:
      return undefined;
  }
}
