/**
 * What the text that loaded this program does for it.
 *
 * @module
 */

import type { Host } from "../loader.ts";

/** Not there in the Workers that code inside starts. */
declare const netnsHost: Host | undefined;

/** Evaluates a text in the global scope. */
export function evaluate(text: string): unknown {
  return typeof netnsHost === "undefined" ? (0, eval)(text) : netnsHost.evaluate(text);
}

/** Imports a module by its absolute URL. */
export function load(url: string): Promise<unknown> {
  return typeof netnsHost === "undefined" ? import(url) : netnsHost.load(url);
}

/** Evaluates another text of this program, which is a function. */
export function evaluateProgram(
  program: string,
  codeCache: Uint8Array | undefined,
): (require: unknown) => unknown {
  const host = typeof netnsHost === "undefined" ? undefined : netnsHost;
  const start = host === undefined
    ? (0, eval)(program) as (...args: unknown[]) => unknown
    : host.run(program, codeCache);
  return (require) => start(require, host, { exports: {} });
}
