/**
 * How netem loses packets in bursts: Markov chains of four states, and of two.
 *
 * @module
 */

import { checkOptions } from "../../../check.ts";
import {
  type AttributeTable,
  attributeTable,
  type Members,
  type Value,
} from "../../codec/attribute_table.ts";
import { NETEM_LOSS } from "../../constants/pkt_sched.ts";
import { formatPercentage, parsePercentage, type Percentage } from "../units.ts";

/**
 * Four states: 1 packets arrive, 2 they arrive within a burst of losses, 3 they are lost within
 * one, 4 a single one is lost. Probabilities of going from one to the other, in percent.
 */
export interface LossState {
  p13: Percentage;
  /** 100 - p13 by default. */
  p31?: Percentage | undefined;
  /** 0 by default. */
  p32?: Percentage | undefined;
  /** 100 by default. */
  p23?: Percentage | undefined;
  /** 0 by default. */
  p14?: Percentage | undefined;
}

/** The model of Gilbert and Elliott: a good state and a bad one. */
export interface LossGemodel {
  /** The probability of going from good to bad. */
  p: Percentage;
  /** The probability of going from bad to good; 100 - p by default. */
  r?: Percentage | undefined;
  /** How many packets arrive in the bad state; 0 by default. */
  h?: Percentage | undefined;
  /** How many packets arrive in the good state; 100 by default. */
  k?: Percentage | undefined;
}

const WHOLE = 0xffffffff;

function percentageOr(option: string, value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : parsePercentage(option, value);
}

/** `struct tc_netem_gimodel`. */
const stateModel: Value = {
  write(writer, value, option) {
    checkOptions(option, value, ["p13", "p31", "p32", "p23", "p14"]);
    const { p13, p31, p32, p23, p14 } = value as Members;
    const first = parsePercentage(`${option}.p13`, p13);
    writer.u32(first).u32(percentageOr(`${option}.p31`, p31, WHOLE - first));
    writer.u32(percentageOr(`${option}.p32`, p32, 0)).u32(percentageOr(`${option}.p14`, p14, 0));
    writer.u32(percentageOr(`${option}.p23`, p23, WHOLE));
  },
  read(reader, start, end) {
    if (end - start !== 20) return undefined;
    const at = (index: number) => formatPercentage(reader.u32(start + 4 * index));
    return { p13: at(0), p31: at(1), p32: at(2), p23: at(4), p14: at(3) };
  },
};

/** `struct tc_netem_gemodel`; its `k1` is how many are lost. */
const gilbertElliott: Value = {
  write(writer, value, option) {
    checkOptions(option, value, ["p", "r", "h", "k"]);
    const { p, r, h, k } = value as Members;
    const first = parsePercentage(`${option}.p`, p);
    writer.u32(first).u32(percentageOr(`${option}.r`, r, WHOLE - first));
    writer.u32(percentageOr(`${option}.h`, h, 0));
    writer.u32(WHOLE - percentageOr(`${option}.k`, k, WHOLE));
  },
  read(reader, start, end) {
    if (end - start !== 16) return undefined;
    const at = (index: number) => reader.u32(start + 4 * index);
    return {
      p: formatPercentage(at(0)),
      r: formatPercentage(at(1)),
      h: formatPercentage(at(2)),
      k: formatPercentage(WHOLE - at(3)),
    };
  },
};

/** What is in `TCA_NETEM_LOSS`. */
export const lossModel: AttributeTable = attributeTable(NETEM_LOSS, {
  NETEM_LOSS_GI: ["lossState", stateModel],
  NETEM_LOSS_GE: ["lossGemodel", gilbertElliott],
});
