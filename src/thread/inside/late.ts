/**
 * The part of this program that most threads use little of. Its text is in memory that all threads
 * of the process share, and a thread makes code of it when it first calls one of its functions.
 * The bundler puts {@linkcode late} in place of the modules that `scripts/generate.ts` lists.
 *
 * @module
 */

import { evaluateProgram } from "./host.ts";

/** What Node and the other runtimes give to the text of this program. */
declare const require: unknown;

type Exports = Readonly<Record<string, (...args: unknown[]) => unknown>>;

let text: SharedArrayBuffer;
let codeCache: Uint8Array | undefined;
let exports: Exports | undefined;

/** Says where the text is, and on Node what V8 made of it. */
export function useLate(shared: SharedArrayBuffer, sharedCodeCache?: Uint8Array): void {
  text = shared;
  codeCache = sharedCodeCache;
}

/** The functions and classes of that part. */
export function late(): Exports {
  if (exports !== undefined) return exports;
  // Decoding takes no shared memory everywhere.
  const program = new TextDecoder().decode(new Uint8Array(text).slice());
  return exports = evaluateProgram(program, codeCache)(require) as Exports;
}
