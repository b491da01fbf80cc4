/**
 * Where the thread is, by the kernel's own word.
 *
 * @module
 */

import fs from "node:fs";
import { isBuiltin } from "node:module";
import { openFirst } from "../../../ffi/deno.ts";
import { readLinkByLibc } from "./where_by_libc.ts";

/** The target of a symbolic link under /proc/thread-self, read on this very thread. */
export type ReadLink = (path: string) => string;

/**
 * Reads links. The own synchronous call of Node and Bun is `readlink(2)` on the calling thread, and
 * loads no FFI there, which would cost up to a third of a thread's start. Deno's needs permission.
 */
export function linkReader(library: string | undefined, base: string): ReadLink {
  if ("Deno" in globalThis) return linkReaderOfDeno(library, base);
  const { readlinkSync } = fs;
  return (path) => {
    try {
      return readlinkSync(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // `node --permission` asks for other flags for the one than for the other.
      const isRefused = code === "ERR_ACCESS_DENIED" && isBuiltin("node:ffi");
      return isRefused ? readLinkByLibc(path, library, base) : `an unreadable ${path} (${message})`;
    }
  };
}

/** By one function of libc, as each that is bound takes time. */
function linkReaderOfDeno(library: string | undefined, base: string): ReadLink {
  const { readlink } = openFirst(library, {
    readlink: { parameters: ["buffer", "buffer", "usize"], result: "isize" },
  }).symbols;
  return (path) => {
    const target = new Uint8Array(4096);
    const link = new TextEncoder().encode(`${path}\0`);
    const length = Number(readlink(link, target, BigInt(target.byteLength)));
    return length < 0
      ? readLinkByLibc(path, library, base)
      : new TextDecoder().decode(target.subarray(0, length));
  };
}

/** The network namespace of this thread, as `net:[INODE]`. */
export function networkNamespace(readLink: ReadLink): string {
  return readLink("/proc/thread-self/ns/net");
}

/** The id of this thread in the kernel. */
export function threadId(readLink: ReadLink): number {
  return Number(readLink("/proc/thread-self").split("/").pop());
}
