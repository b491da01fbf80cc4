/**
 * The kinds of filters, and their options.
 *
 * @module
 */

import type { Kinds } from "../kinds.ts";
import { type Flower, flower } from "./flower.ts";
import { type Fw, fw, type Matchall, matchall } from "./matchall.ts";
import { type U32, u32 } from "./u32.ts";

/** What makes a filter of one kind. */
export type FilterKind = Flower | Fw | Matchall | U32;

/** The options of each kind. */
export const filterKinds: Kinds = new Map(Object.entries({ flower, fw, matchall, u32 }));
