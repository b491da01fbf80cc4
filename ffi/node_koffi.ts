/** libc by the koffi package, on Node versions without node:ffi. @module */

import { type Adapter, type AdapterOptions, FfiUnavailableError } from "./adapter.ts";
import type { Kind } from "./symbols.ts";

type Koffi = typeof import("koffi");

const types: Readonly<Record<Kind, string>> = {
  i32: "int32_t",
  u32: "uint32_t",
  u64: "uint64_t",
  buffer: "void *",
  structure: "void *",
  path: "const uint8_t *",
  strings: "void *",
};

/** Opens libc with koffi. */
export function open({ library, require }: AdapterOptions): Adapter {
  const koffi = load(require);
  try {
    return openWith(koffi, library ?? null);
  } catch (cause) {
    throw new FfiUnavailableError(
      "koffi cannot open libc",
      "if NETNS_LIBC is set, it must be the path of libc",
      { cause },
    );
  }
}

function openWith(koffi: Koffi, library: string | null): Adapter {
  const libc = koffi.load(library);
  const location = libc.func("__errno_location", "void *", [])();
  const errno = new Int32Array(koffi.view(location, 4));

  return {
    bind: (symbol, kinds) => libc.func(symbol, "int32_t", kinds.map((kind) => types[kind])),
    errno: () => errno[0]!,
    address: (buffer) => BigInt(koffi.address(buffer)),
  };
}

function load(require: AdapterOptions["require"]): Koffi {
  try {
    return require("koffi") as Koffi;
  } catch (cause) {
    throw new FfiUnavailableError(
      "this Node has no node:ffi and the package koffi cannot be loaded",
      "install koffi (npm install koffi), or use Node 26.1 or later; under --permission add " +
        "--allow-addons",
      { cause },
    );
  }
}
