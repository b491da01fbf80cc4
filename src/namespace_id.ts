/**
 * The number of a namespace that no other one ever has: its cookie.
 *
 * @module
 */

import {
  AF_INET,
  NS_GET_ID,
  SO_NETNS_COOKIE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../ffi/constants.ts";
import { errnoName, NetNSError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";

/** The cookie of a namespace; inode numbers are used again, cookies are not. */
export function cookie(namespace: Namespace): bigint {
  const bytes = new BigUint64Array(1);
  const result = libc().ioctl(namespace.fd, NS_GET_ID, new Uint8Array(bytes.buffer));
  return result < 0 ? socketCookie(namespace) : bytes[0]!;
}

/** The cookie as sockets inside have it, for kernels without `NS_GET_ID`. */
export function socketCookie(namespace: Namespace): bigint {
  const { close, getsockopt, socket } = libc();
  const action = `Cannot tell the id of ${namespace.label}`;
  const bytes = new BigUint64Array(1);
  const length = Uint8Array.of(bytes.byteLength, 0, 0, 0);
  const result = inside(namespace, () => {
    const created = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const fd = unwrap(created, { action, syscall: "socket" });
    try {
      return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, new Uint8Array(bytes.buffer), length);
    } finally {
      close(fd);
    }
  });
  if (result < 0 && errnoName(result) === "ENOPROTOOPT") {
    throw new NetNSError(`${action}: this kernel gives namespaces no id`, {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: "Linux 5.14 or later is needed; compare open handles by equals() instead",
    });
  }
  unwrap(result, { action, syscall: "getsockopt" });
  return bytes[0]!;
}

/** The cookie of a namespace; undefined where the kernel gives none. */
export function idOf(namespace: Namespace): bigint | undefined {
  try {
    return cookie(namespace);
  } catch {
    return undefined;
  }
}
