/**
 * System calls that the supported libcs do not all wrap, by `syscall(2)`.
 *
 * @module
 */

import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  STATX_CTIME,
  STATX_INO,
  STATX_SIZE,
  STATX_TYPE,
  SYS,
} from "./constants.ts";
import type { Libc } from "./libc.ts";

/** What {@linkcode statx} fills in. */
export interface Status {
  /** Type and permission bits, as in inode(7). */
  mode: number;
  inode: number;
  size: number;
  /** When the file was last changed, in ms since the epoch. */
  changed: number;
  /** Device number of the file system, as `st_dev` of stat(2). */
  dev: number;
}

const encoder = new TextEncoder();
const emptyPath = encoder.encode("\0");
const statxBuffer = new Uint8Array(new ArrayBuffer(256));
const statxView = new DataView(statxBuffer.buffer);

/** Status of a path, or `-errno`. `flags` as in statx(2). */
export function statx(libc: Libc, path: string, flags = 0): Status | number {
  return statxAt(libc, AT_FDCWD, encoder.encode(path + "\0"), flags);
}

/** Status of an open file descriptor, or `-errno`. */
export function statxFd(libc: Libc, fd: number): Status | number {
  return statxAt(libc, fd, emptyPath, AT_EMPTY_PATH);
}

function statxAt(libc: Libc, fd: number, path: Uint8Array, flags: number): Status | number {
  const mask = STATX_TYPE | STATX_INO | STATX_SIZE | STATX_CTIME;
  const result = libc.syscall(SYS.statx, fd, path, flags, mask, statxBuffer);
  if (result < 0) return result;
  const major = statxView.getUint32(136, true);
  const minor = statxView.getUint32(140, true);
  return {
    mode: statxView.getUint16(28, true),
    inode: Number(statxView.getBigUint64(32, true)),
    size: Number(statxView.getBigUint64(40, true)),
    changed: Number(statxView.getBigInt64(96, true)) * 1000,
    // The layout of gnu_dev_makedev(3) for the numbers that fit 32 bits.
    dev: (minor & 0xff) + (major & 0xfff) * 0x100 + (minor >>> 8) * 0x100000,
  };
}

/** A descriptor of a process, or `-errno`. */
export function pidfdOpen(libc: Libc, pid: number): number {
  return libc.syscall(SYS.pidfd_open, pid, null, 0, 0, null);
}

/** Fills `buffer` with `struct linux_dirent64`s of an open directory; the bytes, or `-errno`. */
export function getdents64(libc: Libc, fd: number, buffer: Uint8Array): number {
  return libc.syscall(SYS.getdents64, fd, buffer, buffer.byteLength, 0, null);
}
