/**
 * Rows whose APIs are known to act outside, as nothing can be put between them and the program: they
 * are not asked, and the table says so.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Row } from "./rows/mod.ts";

const pending: readonly { on: readonly RuntimeName[]; names: RegExp }[] = [
  // Deno loads modules over connections that all its threads share.
  { on: ["deno"], names: /^import\("http:/ },
];

/** Whether a row is not asked on a runtime. */
export function isPending(runtime: RuntimeName, row: Row): boolean {
  return pending.some(({ on, names }) => on.includes(runtime) && names.test(row.name));
}
