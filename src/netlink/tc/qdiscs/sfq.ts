/**
 * tc-sfq(8): flows take turns.
 *
 * @module
 */

import { attributeTable } from "../../codec/attribute_table.ts";
import { structHeader } from "../../codec/values.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { type Duration, parseTime } from "../units.ts";

/** Stochastic fairness queueing. */
export interface Sfq {
  kind: "sfq";
  /** How many bytes a flow may send in its turn. */
  quantum?: number | undefined;
  /** How often flows are spread anew; whole seconds, in ms or like `"10s"`. */
  perturb?: Duration | undefined;
  /** In packets. */
  limit?: number | undefined;
  /** Into how many buckets flows are spread: a power of 2. */
  divisor?: number | undefined;
  /** How many flows. */
  flows?: number | undefined;
  /** How many packets of one flow may wait. */
  depth?: number | undefined;
}

const SECOND = 1e9;

/** `struct tc_sfq_qopt`, and as much of `struct tc_sfq_qopt_v1` as has no use without RED. */
const header = structHeader([
  ["quantum", "u32"],
  ["perturb", "u32"],
  ["limit", "u32"],
  ["divisor", "u32"],
  ["flows", "u32"],
  ["depth", "u32"],
  ...Array.from({ length: 12 }, () => [undefined, "u32"] as const),
], 20);

/** The options of the kind. */
export const sfq: OptionsOfKind = {
  table: attributeTable({}, {}, header),
  encode({ perturb }, option) {
    return perturb === undefined
      ? {}
      : { perturb: Math.round(parseTime(`${option}.perturb`, perturb) / SECOND) };
  },
  decode(members) {
    if (typeof members.perturb === "number") members.perturb *= 1000;
  },
};
