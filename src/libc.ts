/**
 * libc for the calling thread, opened on first use.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { FfiUnavailableError } from "../ffi/adapter.ts";
import type { Libc } from "../ffi/libc.ts";
import { openLibc } from "../ffi/mod.ts";
import { environmentVariable } from "./environment.ts";
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
    return openLibc({
      library: libraryFromEnvironment(),
      require: (specifier) => builtin.module.createRequire(requireBase())(specifier),
    });
  } catch (cause) {
    if (!(cause instanceof FfiUnavailableError)) throw cause;
    throw new NetNSError(`Cannot use network namespaces: ${cause.message}`, {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: cause.hint,
      cause,
    });
  }
}

/** The libc that the user names, if any. */
export function libraryFromEnvironment(): string | undefined {
  return environmentVariable("NETNS_LIBC");
}

/** Where packages are looked up from: this file, also when it was bundled as CommonJS. */
export function requireBase(): string {
  return import.meta.url ?? __filename;
}
