/**
 * Files that tell about the machine and the process.
 *
 * @module
 */

import { readText } from "../../../ffi/files.ts";
import { libc } from "../../libc.ts";

/** The text of a file; undefined where it cannot be read. */
export function readFile(path: string): string | undefined {
  const text = readText(libc(), path);
  return typeof text === "number" ? undefined : text;
}

/** A field of the status of this process, see proc_pid_status(5). */
export function statusField(name: string): string | undefined {
  const status = readFile("/proc/self/status") ?? "";
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1];
}
