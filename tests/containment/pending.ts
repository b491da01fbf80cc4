/**
 * Rows whose APIs are known to act outside: they are not asked, and the table says so.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Row } from "./rows/mod.ts";

const pending: readonly { on: readonly RuntimeName[]; names: RegExp }[] = [];

/** Whether a row is not asked on a runtime. */
export function isPending(runtime: RuntimeName, row: Row): boolean {
  return pending.some(({ on, names }) => on.includes(runtime) && names.test(row.name));
}
