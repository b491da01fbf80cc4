/** libc by the built-in module node:ffi. @module */

import { builtin } from "./builtin.ts";
import { type Adapter, type AdapterOptions, FfiUnavailableError } from "./adapter.ts";
import type { Kind } from "./symbols.ts";

/** The part of node:ffi that is used; @types/node does not declare it yet. */
interface NodeFfi {
  dlopen(
    library: string | null,
    definitions: Record<string, { return: string; arguments: string[] }>,
  ): { functions: Record<string, ReturnType<Adapter["bind"]>> };
  getRawPointer(buffer: Uint8Array): bigint;
  toArrayBuffer(pointer: bigint, length: number, copy: boolean): ArrayBuffer;
}

const types: Readonly<Record<Kind, string>> = {
  i32: "int32",
  u32: "uint32",
  u64: "uint64",
  buffer: "pointer",
  structure: "pointer",
  path: "pointer",
  strings: "pointer",
};

/** Opens libc with node:ffi. */
export function open({ library, require }: AdapterOptions): Adapter {
  try {
    return openWith(load(require), library ?? null);
  } catch (cause) {
    throw new FfiUnavailableError(
      "node:ffi cannot open libc",
      "under --permission add --allow-ffi; if NETNS_LIBC is set, it must be the path of libc",
      { cause },
    );
  }
}

function openWith(
  { dlopen, getRawPointer, toArrayBuffer }: NodeFfi,
  library: string | null,
): Adapter {
  const { functions } = dlopen(library, {
    __errno_location: { return: "pointer", arguments: [] },
  });
  const location = functions["__errno_location"]!() as unknown as bigint;
  const errno = new Int32Array(toArrayBuffer(location, 4, false));

  return {
    bind(symbol, kinds) {
      const definition = { return: "int32", arguments: kinds.map((kind) => types[kind]) };
      return dlopen(library, { [symbol]: definition }).functions[symbol]!;
    },
    errno: () => errno[0]!,
    address: getRawPointer,
  };
}

/** The module prints an ExperimentalWarning in every thread when it is loaded; users did not ask. */
function load(require: AdapterOptions["require"]): NodeFfi {
  const emitWarning = builtin.process.emitWarning;
  builtin.process.emitWarning = () => {};
  try {
    return require("node:ffi") as NodeFfi;
  } finally {
    builtin.process.emitWarning = emitWarning;
  }
}
