/**
 * Numbers of routing tables, in the words of iproute2.
 *
 * @module
 */

import type { Value } from "./codec/attribute_table.ts";
import { u32, wordNumber, wordsByNumber } from "./codec/values.ts";
import { RT_TABLE } from "./constants/route.ts";

/** A routing table: a word, or a number from 1 on. */
export type RoutingTable = "main" | "local" | "default" | number;

/** The number of a table. */
export function tableNumber(value: unknown, option: string): number {
  return wordNumber(RT_TABLE, value, option, 0xffffffff);
}

/** The word of a table. */
export const tableWord: (number: number) => RoutingTable = wordsByNumber(RT_TABLE);

/**
 * A table as an attribute. Headers have 8 bits for it: that it is in the header, too, makes the
 * attribute needless on writing.
 */
export const table: Value = {
  omits: (value) => typeof value !== "number" || value <= 0xff,
  write: u32.write,
  read(reader, start, end) {
    return end - start === 4 ? tableWord(reader.u32(start)) : undefined;
  },
};

/** What the header has for a table that may be in the attribute. */
export function tableInHeader(number: number): number {
  return number > 0xff ? 0 : number;
}
