/**
 * All rows of the table, in its order.
 *
 * @module
 */

import type { Family } from "../row.ts";
import { doSync } from "./do_sync.ts";

/** The families of rows. */
export const families: readonly Family[] = [doSync];
