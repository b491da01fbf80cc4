/**
 * Making a network namespace without moving the caller.
 *
 * @module
 */

import {
  AF_INET,
  CLONE_NEWNET,
  IFF_UP,
  O_CLOEXEC,
  O_RDONLY,
  SIOCGIFFLAGS,
  SIOCSIFFLAGS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
} from "../ffi/constants.ts";
import { IFR_FLAGS, ifreq } from "../ffi/structs.ts";
import { errnoName, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { Namespace, type NamespaceLabel } from "./namespace.ts";
import { away } from "./position.ts";
import { explainRefusal } from "./user_namespace.ts";

/** How {@linkcode createAnonymous} makes a namespace. */
export interface CreateAnonymousOptions {
  /** Whether the interface `lo` is brought up. */
  loopback: boolean;
}

/** Makes a namespace that lives as long as somebody uses it. The caller stays where it is. */
export function createAnonymous(
  { loopback }: CreateAnonymousOptions,
  label: NamespaceLabel = {},
): Namespace {
  const action = label.path === undefined
    ? "Cannot create a network namespace"
    : `Cannot create network namespace "${label.path}"`;
  const { open, unshare } = libc();
  const leave = () => {
    const result = unshare(CLONE_NEWNET);
    const hint = result < 0 && errnoName(result) === "EPERM" ? explainRefusal() : undefined;
    unwrap(result, { action, syscall: "unshare", hint });
  };
  return away(leave, () => {
    const fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC, 0);
    const created = new Namespace(unwrap(fd, { action, syscall: "open" }), label);
    try {
      if (loopback) bringLoopbackUp(action);
      return created;
    } catch (error) {
      created.close();
      throw error;
    }
  });
}

/** Brings `lo` of the calling thread's namespace up. */
export function bringLoopbackUp(action: string): void {
  const { close, ioctl, socket } = libc();
  const fd = unwrap(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), { action, syscall: "socket" });
  try {
    const { bytes, view } = ifreq("lo");
    unwrap(ioctl(fd, SIOCGIFFLAGS, bytes), { action, syscall: "ioctl" });
    view.setInt16(IFR_FLAGS, view.getInt16(IFR_FLAGS, true) | IFF_UP, true);
    const result = ioctl(fd, SIOCSIFFLAGS, bytes);
    const hint = result < 0 && errnoName(result) === "EPERM"
      ? "CAP_NET_ADMIN is needed to bring `lo` up; in Docker add --cap-add NET_ADMIN"
      : undefined;
    unwrap(result, { action, syscall: "ioctl", hint });
  } finally {
    close(fd);
  }
}
