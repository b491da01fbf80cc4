/**
 * C structures that calls take, as bytes. Little-endian, as all supported processors are.
 *
 * @module
 */

import { AF_INET, AF_INET6, AF_NETLINK, AF_UNIX } from "./constants.ts";

/** `struct ifreq` of netdevice(7): the name at 0, a union at 16; 40 bytes where pointers have 8. */
export function ifreq(name: string): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(new ArrayBuffer(40));
  new TextEncoder().encodeInto(name, bytes.subarray(0, 15));
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Where `ifr_flags` is in {@linkcode ifreq}: a 16-bit integer. */
export const IFR_FLAGS = 16;

/** Where `ifr_ifindex` is in {@linkcode ifreq}: a 32-bit integer. */
export const IFR_IFINDEX = 16;

/** One `struct pollfd` of poll(2). */
export function pollfd(fd: number, events: number): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(8));
  const view = new DataView(bytes.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, events, true);
  return bytes;
}

const encoder = new TextEncoder();

/** A zeroed `struct sockaddr_*`: its family, in the processor's byte order, is at 0. */
function sockaddr(family: number, length: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(new ArrayBuffer(length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, true);
  return { bytes, view };
}

/** `struct sockaddr_in` of ip(7); `address` has 4 bytes. */
export function sockaddrIn(address: Uint8Array, port: number): Uint8Array {
  const { bytes, view } = sockaddr(AF_INET, 16);
  view.setUint16(2, port);
  bytes.set(address, 4);
  return bytes;
}

/** `struct sockaddr_in6` of ipv6(7); `address` has 16 bytes, `scope` is an interface index. */
export function sockaddrIn6(address: Uint8Array, port: number, scope = 0): Uint8Array {
  const { bytes, view } = sockaddr(AF_INET6, 28);
  view.setUint16(2, port);
  bytes.set(address, 8);
  view.setUint32(24, scope, true);
  return bytes;
}

/** `struct sockaddr_un` of unix(7), as long as its path; an abstract one begins with NUL. */
export function sockaddrUn(path: string): Uint8Array {
  const name = encoder.encode(path);
  const { bytes } = sockaddr(AF_UNIX, 2 + name.byteLength);
  bytes.set(name, 2);
  return bytes;
}

/** `struct sockaddr_nl` of netlink(7), without a port or groups yet: 32-bit integers at 4 and at 8. */
export function sockaddrNl(): { bytes: Uint8Array; view: DataView } {
  return sockaddr(AF_NETLINK, 12);
}

/** More than any structure takes whose members libc keeps to itself. */
export const STRUCTURE_SIZE = 512;

const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;

/**
 * `posix_spawnattr_t` of posix_spawn(3) for a program that finds no signal ignored or blocked: flags
 * at 0, the signals whose default action is restored at 8, those that are blocked at 136.
 */
export function freshSignals(): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(STRUCTURE_SIZE));
  bytes[0] = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  return bytes.fill(0xff, 8, 136);
}
