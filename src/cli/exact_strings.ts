/**
 * Arguments and environment of this process byte by byte: runtimes take all for UTF-8, and what is
 * none becomes something else, or is left out.
 *
 * @module
 */

import process from "node:process";
import { readStrings } from "../../ffi/files.ts";
import type { CString } from "../../ffi/libc.ts";
import { libc } from "../libc.ts";
import { UsageError } from "./command.ts";

/** Arguments at the end of the command line of this process; bytes in place of what is no UTF-8. */
export function exactArguments(texts: readonly string[]): CString[] {
  if (!texts.some(mayBeChanged)) return [...texts];
  const all = readStrings(libc(), "/proc/self/cmdline");
  const exact = typeof all === "number" ? [] : all.slice(-texts.length);
  return texts.map((text, index) => {
    if (!mayBeChanged(text)) return text;
    const bytes = exact[index];
    if (bytes === undefined) throw new UsageError(`"${text}" may not be what was given: use UTF-8`);
    return encoder.encode(text).every((byte, at) => byte === bytes[at]) ? text : bytes;
  });
}

/** The environment in which this process was started, each `NAME=VALUE`. */
export function exactEnvironment(): CString[] {
  const entries = readStrings(libc(), "/proc/self/environ");
  if (typeof entries === "number") {
    return Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
  }
  return entries.filter((entry) => !channel.test(decoder.decode(entry)));
}

/** How child_process.fork() of Node talks with this process, which the program would take for its own. */
const channel = /^NODE_CHANNEL_(FD|SERIALIZATION_MODE)=/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether a text holds what runtimes put in place of bytes that are no UTF-8. */
function mayBeChanged(text: string): boolean {
  return /[\ufffd\p{Surrogate}]/u.test(text);
}
