/** libc by Deno.dlopen. @module */

import { type Adapter, type AdapterOptions, FfiUnavailableError } from "./adapter.ts";
import { libraryNames, libraryPaths } from "./library_names.ts";
import type { Kind } from "./symbols.ts";

const types = {
  i32: "i32",
  u32: "u32",
  u64: "u64",
  buffer: "buffer",
  structure: "buffer",
  path: "buffer",
  strings: "buffer",
} as const satisfies Record<Kind, Deno.NativeType>;

/** Opens libc with Deno.dlopen. */
export function open({ library }: AdapterOptions): Adapter {
  const { name, symbols: { __errno_location: location, memcpy } } = openFirst(library, {
    __errno_location: { parameters: [], result: "u64" },
    memcpy: { parameters: ["buffer", "u64", "usize"], result: "u64" },
  });
  // A view of the memory would need unscoped permission; a copy by libc does not.
  const pointer = location();
  const errno = new Int32Array(1);

  return {
    bind(symbol, kinds) {
      const parameters = kinds.map((kind) => types[kind]);
      const definition: Deno.ForeignFunction = { parameters, result: "i32" };
      return Deno.dlopen(name, { [symbol]: definition }).symbols[symbol] as ReturnType<
        Adapter["bind"]
      >;
    },
    errno() {
      memcpy(errno, pointer, 4n);
      return errno[0]!;
    },
    address(buffer) {
      return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer as Uint8Array<ArrayBuffer>));
    },
  };
}

/** Opens libc by the first of its names that leads to it. */
export function openFirst<const Symbols extends Deno.ForeignLibraryInterface>(
  library: string | undefined,
  definitions: Symbols,
): { name: string; symbols: Deno.StaticForeignLibraryInterface<Symbols> } {
  let cause: unknown;
  for (const name of permittedNames(library)) {
    try {
      return { name, symbols: Deno.dlopen(name, definitions).symbols };
    } catch (error) {
      cause = error;
    }
  }
  throw new FfiUnavailableError(
    cause === undefined ? "Deno has no permission to use FFI" : "Deno cannot open libc",
    cause === undefined
      ? "run with --allow-ffi, or with --allow-ffi=PATH --allow-env=NETNS_LIBC where NETNS_LIBC " +
        "is the path of libc"
      : "name its path in the environment variable NETNS_LIBC",
    { cause },
  );
}

/** The names that may be opened without a prompt, which would resolve a soname wrongly. */
function permittedNames(library: string | undefined): string[] {
  const permissions = Deno.permissions;
  if (permissions.querySync({ name: "ffi" }).state === "granted") return libraryNames(library);
  return (library === undefined ? libraryPaths() : [library])
    .filter((path) => permissions.querySync({ name: "ffi", path }).state === "granted");
}
