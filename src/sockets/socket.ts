/**
 * A bare socket made inside a namespace, before a runtime takes it over.
 *
 * @module
 */

import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "../../ffi/constants.ts";
import { errnoName, syscallError } from "../errors.ts";
import { libc } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { inside } from "../position.ts";
import { showAddress, type SocketAddress } from "./address.ts";

/** Makes a non-blocking socket. It stays in the namespace for life: only this call is made there. */
export function createSocket(namespace: Namespace, family: number, type: number): number {
  let fd = -1;
  try {
    inside(namespace, () => fd = libc().socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  } catch (error) {
    if (fd >= 0) libc().close(fd);
    throw error;
  }
  if (fd >= 0) return fd;
  const action = `Cannot make a socket in ${namespace.label}`;
  throw syscallError({ action, syscall: "socket", result: fd });
}

/** Runs a function with a descriptor, and closes that if the function throws. */
export function closeOnError<T>(fd: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    libc().close(fd);
    throw error;
  }
}

/** Sets a socket option that is an integer. */
export function setOption(fd: number, level: number, name: number, value: number): number {
  const bytes = new Uint8Array(new ArrayBuffer(4));
  new DataView(bytes.buffer).setInt32(0, value, true);
  return libc().setsockopt(fd, level, name, bytes, 4);
}

/** Gives a socket its address. Throws as {@linkcode addressError}. */
export function bindSocket(namespace: Namespace, fd: number, address: SocketAddress): void {
  const result = libc().bind(fd, address.bytes, address.bytes.byteLength);
  if (result < 0) throw addressError(namespace, address, "bind", result);
}

/** The error of a call that gives a socket its address. */
export function addressError(
  namespace: Namespace,
  address: SocketAddress,
  syscall: "bind" | "listen" | "setsockopt",
  result: number,
): Error {
  const action = `Cannot use the address ${showAddress(address)} in ${namespace.label}`;
  return syscallError({ action, syscall, result, hint: hint(address, errnoName(result)) });
}

function hint({ address, port }: SocketAddress, code: string): string | undefined {
  switch (code) {
    case "EACCES":
      return `port ${port} is privileged: CAP_NET_BIND_SERVICE is needed in the namespace`;
    case "EADDRINUSE":
      return "another socket of the namespace has it";
    case "EADDRNOTAVAIL":
      return `no interface of the namespace has the address ${address}`;
    default:
      return undefined;
  }
}
