/**
 * Who made a route, a rule or a neighbour: `RTPROT_*`.
 *
 * @module
 */

import type { Value } from "./codec/attribute_table.ts";
import { u8, words } from "./codec/values.ts";
import { RTPROT } from "./constants/route.ts";

/** Who made a route, a rule or a neighbour: a word of iproute2, or a number. */
export type Protocol = keyof typeof RTPROT | number;

/** The originator in 8 bits. */
export const protocol: Value = words(u8, RTPROT);
