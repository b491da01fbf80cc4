/**
 * Where a filter works: in software, in hardware.
 *
 * @module
 */

import { wrongType } from "../../../check.ts";
import type { Value } from "../../codec/attribute_table.ts";
import { TCA_CLS_FLAGS } from "../../constants/pkt_cls.ts";

/** `skipHw`, `skipSw` and `verbose` are for a caller, `inHw` and `notInHw` are told. */
export type ClassifierFlag = keyof typeof TCA_CLS_FLAGS;

const words = Object.entries(TCA_CLS_FLAGS) as (readonly [ClassifierFlag, number])[];
const told = TCA_CLS_FLAGS.inHw | TCA_CLS_FLAGS.notInHw;

/** `TCA_CLS_FLAGS_*`, in an attribute. Those that are told are not written. */
export const classifierFlags: Value = {
  write(writer, value, option) {
    let flags = 0;
    for (const word of Array.isArray(value) ? value : [value]) {
      const number = TCA_CLS_FLAGS[word as ClassifierFlag];
      if (typeof word !== "string" || !Object.hasOwn(TCA_CLS_FLAGS, word)) {
        throw wrongType(
          option,
          `an array of ${words.map(([word]) => `"${word}"`).join(", ")}`,
          value,
        );
      }
      flags |= number;
    }
    writer.u32(flags & ~told);
  },
  read(reader, start, end) {
    if (end - start !== 4) return undefined;
    const flags = reader.u32(start);
    return words.filter(([, number]) => flags & number).map(([word]) => word);
  },
};
