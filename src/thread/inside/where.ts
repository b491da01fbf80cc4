/**
 * Where the thread is, by the kernel's own word.
 *
 * @module
 */

import fs from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { readLink, readText } from "../../../ffi/files.ts";
import { openLibc } from "../../../ffi/mod.ts";
import { NetNSError } from "../../errors.ts";

/** The target of a symbolic link under /proc/thread-self, read on this very thread. */
export type ReadLink = (path: string) => string;

/**
 * Reads links by libc. Node's own synchronous call does the same `readlink(2)` on the same thread,
 * without loading FFI there, which would cost up to a third of a thread's start.
 */
export function linkReader(library: string | undefined, base: string): ReadLink {
  if ("Deno" in globalThis || "Bun" in globalThis) return linkReaderOfLibc(library, base);
  const { readlinkSync } = fs;
  return (path) => {
    try {
      return readlinkSync(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // `node --permission` asks for other flags for the one than for the other.
      const isRefused = code === "ERR_ACCESS_DENIED" && isBuiltin("node:ffi");
      return isRefused
        ? linkReaderOfLibc(library, base)(path)
        : `an unreadable ${path} (${message})`;
    }
  };
}

function linkReaderOfLibc(library: string | undefined, base: string): ReadLink {
  const libc = openLibc({ library, require: createRequire(base) });
  return (path) => {
    const target = readLink(libc, path);
    return typeof target === "string" ? target : `an unreadable ${path} (errno ${-target})`;
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

/** The environment that the process was started with; empty when it cannot be read. */
export function initialEnvironment(library: string | undefined, base: string): string {
  const text = readText(openLibc({ library, require: createRequire(base) }), "/proc/self/environ");
  return typeof text === "string" ? text : "";
}

/** The error for a Worker that would not be where the thread is that starts it. */
export function wrongNamespaceError(inode: number, found: string): NetNSError {
  const message = `Cannot start a Worker inside net:[${inode}]: its thread would be in ${found}`;
  return new NetNSError(message, {
    code: "ERR_NETNS_NOT_CONTAINED",
    hint: "a Worker is started in the namespace of the thread that calls: call do() of the other " +
      "namespace, and start it there",
  });
}
