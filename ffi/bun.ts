/** libc by bun:ffi. @module */

import { type Adapter, type AdapterOptions, FfiUnavailableError } from "./adapter.ts";
import { libraryNames } from "./library_names.ts";
import type { Kind } from "./symbols.ts";

type BunFfi = typeof import("bun:ffi");

const types = {
  i32: "i32",
  u32: "u32",
  u64: "u64",
  buffer: "ptr",
  structure: "ptr",
  path: "ptr",
  strings: "ptr",
} as const satisfies Record<Kind, import("bun:ffi").FFITypeOrString>;

/** Opens libc with bun:ffi. */
export function open({ library, require }: AdapterOptions): Adapter {
  const ffi = require("bun:ffi") as BunFfi;
  const { name, location } = openFirst(ffi, library);
  const pointer = location();

  return {
    bind(symbol, kinds) {
      const definition = { args: kinds.map((kind) => types[kind]), returns: "i32" } as const;
      const opened = ffi.dlopen(name, { [symbol]: definition });
      return opened.symbols[symbol] as ReturnType<Adapter["bind"]>;
    },
    errno: () => ffi.read.i32(pointer!, 0),
    address: (buffer) => BigInt(ffi.ptr(buffer)),
  };
}

function openFirst({ dlopen }: BunFfi, library: string | undefined) {
  let cause: unknown;
  for (const name of libraryNames(library)) {
    try {
      const { symbols } = dlopen(name, { __errno_location: { returns: "ptr" } });
      return { name, location: symbols.__errno_location };
    } catch (error) {
      cause = error;
    }
  }
  throw new FfiUnavailableError(
    "bun:ffi cannot open libc",
    "name its path in the environment variable NETNS_LIBC",
    { cause },
  );
}
