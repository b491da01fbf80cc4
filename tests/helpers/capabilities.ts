/**
 * Giving up privileges.
 *
 * @module
 */

import { createRequire } from "node:module";
import { openAdapter } from "../../ffi/mod.ts";

/** Drops every capability of the calling thread, for good; see capset(2). */
export function dropCapabilities(): void {
  const capset = openAdapter({ require: createRequire(import.meta.url) })
    .bind("capset", ["buffer", "buffer"]);
  const _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
  const header = new Uint32Array([_LINUX_CAPABILITY_VERSION_3, 0]);
  if (capset(new Uint8Array(header.buffer), new Uint8Array(new ArrayBuffer(24))) !== 0) {
    throw new Error("capset failed");
  }
}
