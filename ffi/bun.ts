/** libc by bun:ffi. @module */

import { type Adapter, type AdapterOptions, FfiUnavailableError } from "./adapter.ts";
import { libraryNames } from "./library_names.ts";
import type { Kind } from "./symbols.ts";

type BunFfi = typeof import("bun:ffi");

/** Opens libc with bun:ffi. */
export function open({ library, require }: AdapterOptions): Adapter {
  const { dlopen, read } = require("bun:ffi") as BunFfi;
  const types: Readonly<Record<Kind, import("bun:ffi").FFITypeOrString>> = {
    i32: "i32",
    u32: "u32",
    u64: "u64",
    buffer: "ptr",
    path: "ptr",
  };

  const { name, location } = openFirst(library);
  const errnoPointer = location();

  function openFirst(library: string | undefined) {
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

  return {
    bind(symbol, kinds) {
      const args = kinds.map((kind) => types[kind]);
      const opened = dlopen(name, { [symbol]: { args, returns: "i32" } });
      return opened.symbols[symbol] as ReturnType<Adapter["bind"]>;
    },
    errno: () => read.i32(errnoPointer!, 0),
  };
}
