/**
 * Where the thread is, by the kernel's own word.
 *
 * @module
 */

import fs from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { readLink, readText } from "../../../ffi/files.ts";
import { openLibc } from "../../../ffi/mod.ts";

/** The target of a symbolic link under /proc/thread-self, read on this very thread. */
export type ReadLink = (path: string) => string;

/**
 * Reads links by libc. With koffi, whose loading would cost a third of a thread's start, Node's
 * own synchronous call does the same `readlink(2)` on the same thread.
 */
export function linkReader(library: string | undefined, base: string): ReadLink {
  const hasBuiltinFfi = "Deno" in globalThis || "Bun" in globalThis || isBuiltin("node:ffi");
  if (!hasBuiltinFfi) return readLinkByNode;
  const libc = openLibc({ library, require: createRequire(base) });
  return (path) => {
    const target = readLink(libc, path);
    return typeof target === "string" ? target : `an unreadable ${path} (errno ${-target})`;
  };
}

function readLinkByNode(path: string): string {
  try {
    return fs.readlinkSync(path);
  } catch (error) {
    return `an unreadable ${path} (${(error as Error).message})`;
  }
}

/** The network namespace of this thread, as `net:[INODE]`. */
export function networkNamespace(readLink: ReadLink): string {
  return readLink("/proc/thread-self/ns/net");
}

/** The id of this thread in the kernel. */
export function threadId(readLink: ReadLink): number {
  return Number(readLink("/proc/thread-self").split("/").pop());
}

/** The environment that the process was started with; empty when it cannot be read. */
export function initialEnvironment(library: string | undefined, base: string): string {
  const text = readText(openLibc({ library, require: createRequire(base) }), "/proc/self/environ");
  return typeof text === "string" ? text : "";
}
