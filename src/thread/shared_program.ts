/**
 * What all threads share of their program: the text that they evaluate late, and what V8 made of
 * both texts, with which a thread of Node starts in two thirds of the time.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { lateProgram, program } from "./program.ts";
import type { ThreadData } from "./protocol.ts";

type SharedProgram = Pick<ThreadData, "codeCache" | "late" | "lateCodeCache">;

let made: SharedProgram | undefined;

/** It, made once in the process; other runtimes than Node make no use of a cache. */
export function sharedProgram(): SharedProgram {
  return made ??= {
    codeCache: codeCache(program),
    late: share(new TextEncoder().encode(lateProgram)).buffer,
    lateCodeCache: codeCache(lateProgram),
  };
}

function codeCache(text: string): Uint8Array | undefined {
  if ("Deno" in globalThis || "Bun" in globalThis) return undefined;
  return share(new builtin.vm.Script(text, { filename: "[worker eval]" }).createCachedData());
}

function share(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared;
}
