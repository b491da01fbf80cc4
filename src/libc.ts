/**
 * libc for the calling thread, opened on first use.
 *
 * @module
 */

import { createRequire } from "node:module";
import process from "node:process";
import { FfiUnavailableError } from "../ffi/adapter.ts";
import type { Libc } from "../ffi/libc.ts";
import { openLibc } from "../ffi/mod.ts";
import { NetNSError } from "./errors.ts";

let opened: Libc | undefined;

/**
 * libc for this thread.
 *
 * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` when there is no FFI, or it is not permitted.
 */
export function libc(): Libc {
  return opened ??= open();
}

function open(): Libc {
  try {
    return openLibc({ library: libraryFromEnvironment(), require: createRequire(requireBase()) });
  } catch (cause) {
    if (!(cause instanceof FfiUnavailableError)) throw cause;
    throw new NetNSError(`Cannot use network namespaces: ${cause.message}`, {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: cause.hint,
      cause,
    });
  }
}

/** `NETNS_LIBC`; read in Deno only where that is permitted, as asking could prompt. */
export function libraryFromEnvironment(): string | undefined {
  if ("Deno" in globalThis) {
    const variable = "NETNS_LIBC";
    const { state } = Deno.permissions.querySync({ name: "env", variable });
    if (state !== "granted") return undefined;
  }
  return process.env["NETNS_LIBC"] || undefined;
}

/** Where packages are looked up from: this file, also when it was bundled as CommonJS. */
export function requireBase(): string {
  return import.meta.url ?? __filename;
}
