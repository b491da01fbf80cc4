/**
 * libc for the calling thread, by the FFI of the runtime that this is. Knows no namespaces.
 *
 * The adapters are imported statically, as the library's calls are synchronous; none of them loads
 * its runtime's FFI before it is asked to.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { type AdapterOptions, FfiUnavailableError, type OpenAdapter } from "./adapter.ts";
import { bindLibc } from "./bind.ts";
import type { Libc } from "./libc.ts";
import { platform } from "./machine.ts";
import * as bun from "./bun.ts";
import * as deno from "./deno.ts";
import * as nodeFfi from "./node_ffi.ts";
import * as nodeKoffi from "./node_koffi.ts";

/** Opens libc with the adapter for this runtime. */
export const openAdapter: OpenAdapter = (options) => {
  if ("Deno" in globalThis) return deno.open(options);
  if ("Bun" in globalThis) return bun.open(options);
  return builtin.module.isBuiltin("node:ffi") ? nodeFfi.open(options) : nodeKoffi.open(options);
};

/**
 * Opens libc.
 *
 * @throws {FfiUnavailableError} when this system or runtime cannot, or may not.
 */
export function openLibc(options: AdapterOptions): Libc {
  if (platform() !== "linux") {
    throw new FfiUnavailableError(
      `network namespaces are a feature of Linux, and this is ${platform()}`,
      "run the program on Linux, in a virtual machine or in a container",
    );
  }
  return bindLibc(openAdapter(options));
}
