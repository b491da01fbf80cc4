/**
 * Files and directories by libc on the calling thread. A runtime's own file functions run on other
 * threads, or need permissions that FFI does not.
 *
 * @module
 */

import { concatenate } from "./concatenate.ts";
import { O_CLOEXEC, O_DIRECTORY, O_RDONLY } from "./constants.ts";
import type { Libc } from "./libc.ts";
import { getdents64 } from "./system_calls.ts";

const decoder = new TextDecoder();

/** The target of a symbolic link, or `-errno`. */
export function readLink(libc: Libc, path: string): string | number {
  const buffer = new Uint8Array(new ArrayBuffer(4096));
  const length = libc.readlink(path, buffer, buffer.byteLength);
  return length < 0 ? length : decoder.decode(buffer.subarray(0, length));
}

/** The whole text of a file, or `-errno`. */
export function readText(libc: Libc, path: string): string | number {
  const text = new TextDecoder();
  let result = "";
  const end = readChunks(libc, path, (chunk) => {
    result += text.decode(chunk, { stream: true });
  });
  return end < 0 ? end : result + text.decode();
}

/** The NUL-ended strings in a file, as bytes: those of /proc/PID/cmdline. Or `-errno`. */
export function readStrings(libc: Libc, path: string): Uint8Array[] | number {
  const strings: Uint8Array[] = [];
  let rest = new Uint8Array();
  const end = readChunks(libc, path, (chunk) => {
    const bytes = concatenate([rest, chunk]);
    let start = 0;
    for (let nul; (nul = bytes.indexOf(0, start)) >= 0; start = nul + 1) {
      strings.push(bytes.slice(start, nul));
    }
    rest = bytes.subarray(start);
  });
  return end < 0 ? end : strings;
}

/** Reads a file to its end; 0, or `-errno`. A chunk is gone when the next one is read. */
function readChunks(libc: Libc, path: string, take: (chunk: Uint8Array) => void): number {
  const fd = libc.open(path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  try {
    const buffer = new Uint8Array(new ArrayBuffer(16384));
    for (;;) {
      const length = libc.read(fd, buffer, buffer.byteLength);
      if (length <= 0) return length;
      take(buffer.subarray(0, length));
    }
  } finally {
    libc.close(fd);
  }
}

/** The names in a directory but `.` and `..`, or `-errno`. `decode` makes text of their bytes. */
export function readDirectory(
  libc: Libc,
  path: string,
  decode: (bytes: Uint8Array) => string = (bytes) => decoder.decode(bytes),
): string[] | number {
  const fd = libc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  try {
    const names: string[] = [];
    const buffer = new Uint8Array(new ArrayBuffer(32768));
    for (;;) {
      const length = getdents64(libc, fd, buffer);
      if (length < 0) return length;
      if (length === 0) return names;
      names.push(...entryNames(buffer, length, decode));
    }
  } finally {
    libc.close(fd);
  }
}

/** The entries of a directory that are numbers, as processes in /proc, or `-errno`. */
export function readNumbers(libc: Libc, path: string): number[] | number {
  const names = readDirectory(libc, path);
  return typeof names === "number" ? names : names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The names in an array of `struct linux_dirent64`: d_reclen at 16, d_name at 19. */
function* entryNames(
  buffer: Uint8Array,
  length: number,
  decode: (bytes: Uint8Array) => string,
): Generator<string> {
  for (let start = 0; start < length;) {
    const recordLength = buffer[start + 16]! | (buffer[start + 17]! << 8);
    const end = buffer.indexOf(0, start + 19);
    const name = decode(buffer.subarray(start + 19, end));
    if (name !== "." && name !== "..") yield name;
    start += recordLength;
  }
}
