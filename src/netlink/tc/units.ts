/**
 * Rates, times, sizes and percentages, as numbers or in the notation of tc(8).
 *
 * @module
 */

import { outOfRange, wrongType } from "../../check.ts";
import type { Value } from "../codec/attribute_table.ts";

/** In bit/s, or with a unit: `"1mbit"`, `"512kibit"`, `"2gbps"` (bytes per second). */
export type Rate = number | string;
/** In ms, or with a unit: `"100ms"`, `"5us"`, `"1s"`. */
export type Duration = number | string;
/** In bytes, or with a unit: `"32k"`, `"4mb"` (of 1024), `"100kbit"`. */
export type Size = number | string;
/** From 0 to 100, or `"0.1%"`. */
export type Percentage = number | string;

type Units = ReadonlyMap<string, number>;

/** Bits per second of a unit; the SI prefixes are of 1000, the binary ones of 1024. */
const rateUnits: Units = new Map(
  ["", "k", "m", "g", "t"].flatMap((prefix, power) => [
    [`${prefix}bit`, 1000 ** power],
    [`${prefix}bps`, 8 * 1000 ** power],
    [`${prefix && `${prefix}i`}bit`, 1024 ** power],
    [`${prefix && `${prefix}i`}bps`, 8 * 1024 ** power],
  ]),
);

/** Nanoseconds of a unit. */
const timeUnits: Units = new Map(
  Object.entries({ s: 1e9, sec: 1e9, secs: 1e9, ms: 1e6, msec: 1e6, msecs: 1e6 })
    .concat(Object.entries({ us: 1e3, usec: 1e3, usecs: 1e3, ns: 1, nsec: 1, nsecs: 1 })),
);

/** Bytes of a unit. */
const sizeUnits: Units = new Map(
  ["", "k", "m", "g"].flatMap((prefix, power) => [
    [prefix, 1024 ** power],
    [`${prefix}b`, 1024 ** power],
    [`${prefix}bit`, 1024 ** power / 8],
  ]),
);

/** What a value with or without a unit is, in the unit of the table; undefined when it is none. */
function parse(value: unknown, units: Units, ofNumbers: number): number | undefined {
  if (typeof value === "number") return value * ofNumbers;
  const [, number, unit] = typeof value === "string"
    ? /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(value) ?? []
    : [];
  const factor = units.get(unit?.toLowerCase() ?? "?");
  return factor === undefined ? undefined : Number(number) * factor;
}

function checked(
  option: string,
  value: unknown,
  result: number | undefined,
  expected: string,
): number {
  if (result === undefined) throw wrongType(option, expected, value);
  if (!(result >= 0 && result <= Number.MAX_SAFE_INTEGER)) {
    throw outOfRange(option, expected, value);
  }
  return result;
}

/** Bytes per second of a rate, as the kernel has them. */
export function parseRate(option: string, value: unknown): number {
  const expected = 'a rate in bit/s, or like "1mbit"';
  return Math.floor(checked(option, value, parse(value, rateUnits, 1), expected) / 8);
}

/** Nanoseconds of a time. */
export function parseTime(option: string, value: unknown): number {
  return Math.round(
    checked(option, value, parse(value, timeUnits, 1e6), 'a time in ms, or like "100ms"'),
  );
}

/** Bytes of a size that fits in 32 bits. */
export function parseSize(option: string, value: unknown): number {
  const expected = 'a size in bytes up to 4294967295, or like "32k"';
  const size = Math.floor(checked(option, value, parse(value, sizeUnits, 1), expected));
  if (size > 0xffffffff) throw outOfRange(option, expected, value);
  return size;
}

const WHOLE = 0xffffffff;

/** A share of 2^32 - 1. */
export function parsePercentage(option: string, value: unknown): number {
  const expected = 'a percentage from 0 to 100, or like "0.1%"';
  const percentage = typeof value === "number" ? value : percentText(value);
  if (percentage === undefined) throw wrongType(option, expected, value);
  if (!(percentage >= 0 && percentage <= 100)) throw outOfRange(option, expected, value);
  return Math.round(percentage / 100 * WHOLE);
}

function percentText(value: unknown): number | undefined {
  const [, number] = typeof value === "string" ? /^(\d+(?:\.\d+)?)%$/.exec(value) ?? [] : [];
  return number === undefined ? undefined : Number(number);
}

/** The shortest percentage that stands for a share of 2^32 - 1. */
export function formatPercentage(share: number): number {
  for (let digits = 0; digits < 10; digits++) {
    const percentage = Number((share / WHOLE * 100).toFixed(digits));
    if (Math.round(percentage / 100 * WHOLE) === share) return percentage;
  }
  return share / WHOLE * 100;
}

/** Nanoseconds as ms. */
export function formatTime(nanoseconds: number): number {
  return nanoseconds / 1e6;
}

/** Bytes per second as bit/s. */
export function formatRate(bytesPerSecond: number): number {
  return bytesPerSecond * 8;
}

/** A rate in an integer of bytes per second. */
export function rateIn(of: Value): Value {
  return {
    write(writer, value, option, members) {
      of.write(writer, parseRate(option, value), option, members);
    },
    read(reader, start, end, members) {
      const rate = of.read(reader, start, end, members) as number | undefined;
      return rate === undefined ? undefined : formatRate(rate);
    },
  };
}

/** A time in an integer of units of so many nanoseconds. */
export function timeIn(of: Value, unit: number): Value {
  return {
    write(writer, value, option, members) {
      of.write(writer, Math.round(parseTime(option, value) / unit), option, members);
    },
    read(reader, start, end, members) {
      const count = of.read(reader, start, end, members) as number | undefined;
      return count === undefined ? undefined : formatTime(count * unit);
    },
  };
}

/** A size in an integer. */
export function sizeIn(of: Value): Value {
  return {
    ...of,
    write(writer, value, option, members) {
      of.write(writer, parseSize(option, value), option, members);
    },
  };
}
