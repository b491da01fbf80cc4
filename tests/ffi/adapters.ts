/**
 * The adapters that the conformance suite runs against on this runtime.
 *
 * @module
 */

import { createRequire } from "node:module";
import os from "node:os";
import { bindLibc } from "../../ffi/bind.ts";
import type { Libc } from "../../ffi/libc.ts";
import { openLibc } from "../../ffi/mod.ts";
import { open as openKoffi } from "../../ffi/node_koffi.ts";
import { runtime } from "../helpers/runtime.ts";

/** libc as one adapter opens it. */
export interface AdapterUnderTest {
  name: string;
  libc: Libc;
}

const require = createRequire(import.meta.url);

/** The runtime's own adapter; where that is node:ffi, koffi as well. */
export function adapters(): AdapterUnderTest[] {
  const own = { name: runtime, libc: openLibc({ require }) };
  if (runtime !== "node-ffi") return [own];
  return [own, { name: "node-koffi", libc: bindLibc(openKoffi({ require })) }];
}

/** The result of a call that failed with an errno. */
export function failure(name: keyof typeof os.constants.errno): number {
  return -os.constants.errno[name];
}
