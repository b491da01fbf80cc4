/**
 * What happens to a packet after an action.
 *
 * @module
 */

import { wrongType } from "../../check.ts";
import type { Value } from "../codec/attribute_table.ts";
import { i32 } from "../codec/values.ts";
import { TC_ACT, TC_ACT_GOTO_CHAIN, TC_ACT_JUMP } from "../constants/pkt_cls.ts";

/**
 * What happens to a packet: it goes on (`pass`), is dropped, meets the next action (`pipe`), the
 * next filter (`continue`), is classified again (`reclassify`), was taken (`stolen`), or goes to
 * `goto chain 5`, or over some actions: `jump 2`.
 */
export type ControlAction =
  | keyof typeof TC_ACT
  | `goto chain ${number}`
  | `jump ${number}`
  | number;

const VALUE_BITS = 28;

const words: ReadonlyMap<number, string> = new Map(
  Object.entries<number>(TC_ACT).map(([word, number]) => [number, word]),
);

/** The number of a control action. */
export function parseControlAction(option: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (typeof value === "string") {
    if (Object.hasOwn(TC_ACT, value)) return TC_ACT[value as keyof typeof TC_ACT];
    const [, word, number] = /^(goto chain|jump) (\d{1,9})$/.exec(value) ?? [];
    if (word !== undefined && Number(number) < 2 ** VALUE_BITS) {
      return (word === "jump" ? TC_ACT_JUMP : TC_ACT_GOTO_CHAIN) | Number(number);
    }
  }
  const known = Object.keys(TC_ACT).map((word) => `"${word}"`).join(", ");
  throw wrongType(option, `one of ${known}, "goto chain 5", "jump 2"`, value);
}

/** The control action of a number. */
export function formatControlAction(action: number): ControlAction {
  const word = words.get(action);
  if (word !== undefined) return word as ControlAction;
  const number = action & (1 << VALUE_BITS) - 1;
  if (action - number === TC_ACT_GOTO_CHAIN) return `goto chain ${number}`;
  if (action - number === TC_ACT_JUMP) return `jump ${number}`;
  return action;
}

/** A control action, in an attribute. */
export const controlAction: Value = {
  write(writer, value, option, members) {
    i32.write(writer, parseControlAction(option, value), option, members);
  },
  read(reader, start, end) {
    return end - start === 4 ? formatControlAction(reader.i32(start)) : undefined;
  },
};
