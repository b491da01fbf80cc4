/**
 * Distributions of delays for netem: tables of what chance draws from, in 1/8192 of the jitter.
 *
 * @module
 */

import { checkInteger, wrongType } from "../../../check.ts";
import type { Value } from "../../codec/attribute_table.ts";

/** How delays spread around their mean; a table is of numbers in 1/8192 of the jitter. */
export type Distribution = "normal" | "pareto" | "paretonormal" | readonly number[];

/** `NETEM_DIST_SCALE`: one jitter. */
const SCALE = 8192;
/** `NETEM_DIST_MAX`. */
const MAX_LENGTH = 16384;
const LENGTH = 4096;

/** The shape of the Pareto distribution: its mean is 3/2, its variance 3/4. */
const SHAPE = 3;
const NORMAL_SHARE = 0.25;

/** The quantile functions: what is not exceeded with probability `p`, in jitters. */
const quantiles: Readonly<Record<string, (p: number) => number>> = {
  normal,
  pareto,
  paretonormal: (p) => NORMAL_SHARE * normal(p) + (1 - NORMAL_SHARE) * pareto(p),
};

const tables = new Map<string, Int16Array>();

function tableOf(name: string, quantile: (p: number) => number): Int16Array {
  let table = tables.get(name);
  if (table === undefined) {
    table = Int16Array.from({ length: LENGTH }, (_, index) => {
      const value = Math.round(SCALE * quantile((index + 0.5) / LENGTH));
      return Math.max(-0x8000, Math.min(0x7fff, value));
    });
    tables.set(name, table);
  }
  return table;
}

/** A mean of 0, divided by the variance, as iproute2 does. */
function pareto(p: number): number {
  return ((1 - p) ** (-1 / SHAPE) - 3 / 2) / (3 / 4);
}

/** By bisection of the distribution function: it is done once, for 4096 values. */
function normal(p: number): number {
  let low = -6;
  let high = 6;
  for (let step = 0; step < 32; step++) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The distribution function of the normal distribution, by the series of its error function. */
function normalProbability(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-12; n += 2) {
    term *= x * x / n;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/** A table, in an attribute. The kernel does not tell it. */
export const distribution: Value = {
  write(writer, value, option) {
    for (const number of numbersOf(value, option)) writer.u16(number & 0xffff);
  },
  read() {
    return undefined;
  },
};

function numbersOf(value: unknown, option: string): Iterable<number> {
  if (typeof value === "string" && Object.hasOwn(quantiles, value)) {
    return tableOf(value, quantiles[value]!);
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LENGTH) {
    const names = Object.keys(quantiles).map((name) => `"${name}"`).join(", ");
    throw wrongType(option, `one of ${names}, or an array of up to ${MAX_LENGTH} numbers`, value);
  }
  return value.map((number, index) => checkInteger(`${option}[${index}]`, number, -0x8000, 0x7fff));
}
