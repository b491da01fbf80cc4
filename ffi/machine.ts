/**
 * What the program runs on, in the words of `process`. Deno says so itself: it takes longer to load
 * its `process` than the library.
 *
 * @module
 */

import { builtin } from "./builtin.ts";

/** The processor, as `process.arch`. */
export function arch(): string {
  if (!("Deno" in globalThis)) return builtin.process.arch;
  return Deno.build.arch === "x86_64" ? "x64" : "arm64";
}

/** The operating system, as `process.platform`. */
export function platform(): string {
  return "Deno" in globalThis ? Deno.build.os : builtin.process.platform;
}
