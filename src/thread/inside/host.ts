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
