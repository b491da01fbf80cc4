/**
 * Files of the kernel that show the network namespace of the thread that opens them.
 *
 * @module
 */

import { readText } from "../ffi/files.ts";
import { checkPath, outOfRange } from "./check.ts";
import { errnoName, NetNSError, syscallError } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";

/** Reads a file of /proc/net as `namespace` has it. */
export function readProcNet(namespace: Namespace, file: string): string {
  checkPath("file", file);
  checkBelow("file", file);
  return readInside(namespace, `/proc/thread-self/net/${file}`, "Cannot read");
}

/** Requires a path that does not leave its directory. */
export function checkBelow(name: string, path: string): void {
  if (path.startsWith("/") || path.split("/").some((part) => part === "" || /^\.\.?$/.test(part))) {
    throw outOfRange(name, "a path below its directory", path);
  }
}

/** Reads a file, opened with the calling thread in `namespace`. */
export function readInside(namespace: Namespace, path: string, action: string): string {
  const text = inside(namespace, () => readText(libc(), path));
  if (typeof text === "string") return text;
  throw fileError(text, "open", path, `${action} "${path}" in ${namespace.label}`);
}

/** The error for a file that could not be opened, read or written. */
export function fileError(
  result: number,
  syscall: string,
  path: string,
  action: string,
): NetNSError {
  if (errnoName(result) !== "ENOENT") return syscallError({ action, syscall, result, path });
  return new NetNSError(`${action}: there is no such file`, {
    code: "ERR_NETNS_NOT_FOUND",
    syscall,
    errno: result,
    path,
    hint: "the kernel may lack the module or the option that provides it",
  });
}
