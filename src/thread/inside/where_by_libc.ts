/**
 * What the kernel tells the calling thread, by libc.
 *
 * @module
 */

import { createRequire } from "node:module";
import { readLink, readText } from "../../../ffi/files.ts";
import { openLibc } from "../../../ffi/mod.ts";

/** The target of a symbolic link, or why there is none. */
export function readLinkByLibc(path: string, library: string | undefined, base: string): string {
  const target = readLink(openLibc({ library, require: createRequire(base) }), path);
  return typeof target === "string" ? target : `an unreadable ${path} (errno ${-target})`;
}

/** The environment that the process was started with; empty when it cannot be read. */
export function initialEnvironment(library: string | undefined, base: string): string {
  const text = readText(openLibc({ library, require: createRequire(base) }), "/proc/self/environ");
  return typeof text === "string" ? text : "";
}
