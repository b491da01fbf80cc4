/**
 * A socket that is connected to itself: what one thread sends another one receives.
 *
 * @module
 */

import { AF_UNIX, SOCK_DGRAM } from "../../ffi/constants.ts";
import { sockaddrUn } from "../../ffi/structs.ts";
import { unwrap } from "../errors.ts";
import { libc } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { closeOnError, createSocket } from "../sockets/socket.ts";

const action = "Cannot make a socket to wake the poll thread";

/** Opens such a socket. As it is connected, nobody else can send to it. */
export function openWakeSocket(namespace: Namespace): number {
  const fd = createSocket(namespace, AF_UNIX, SOCK_DGRAM);
  return closeOnError(fd, () => {
    const { bind, connect, getsockname } = libc();
    // An empty address has the kernel choose an abstract one that is free; see unix(7).
    const unnamed = sockaddrUn("");
    unwrap(bind(fd, unnamed, unnamed.byteLength), { action, syscall: "bind" });
    const address = new Uint8Array(new ArrayBuffer(110));
    const length = new Uint8Array(new ArrayBuffer(4));
    length[0] = address.byteLength;
    unwrap(getsockname(fd, address, length), { action, syscall: "getsockname" });
    unwrap(connect(fd, address, length[0]), { action, syscall: "connect" });
    return fd;
  });
}
