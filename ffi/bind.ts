/**
 * Turns the bare functions of an adapter into those of the {@linkcode Libc} contract.
 *
 * @module
 */

import type { Adapter, RawArgument, RawFunction } from "./adapter.ts";
import { concatenate } from "./concatenate.ts";
import type { CString, Libc } from "./libc.ts";
import { STRUCTURE_SIZE } from "./structs.ts";
import { type CFunction, type Kind, symbols } from "./symbols.ts";

const encoder = new TextEncoder();

type Check = (
  value: unknown,
  symbol: string,
  parameter: string,
  adapter: Adapter,
) => RawArgument;

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function refuse(symbol: string, parameter: string, expected: string, value: unknown): never {
  throw new TypeError(
    `Cannot call ${symbol} as ${parameter} must be ${expected}: current value is ${
      describe(value)
    }`,
  );
}

const checks: Readonly<Record<Kind, Check>> = {
  i32(value, symbol, parameter) {
    if (typeof value === "number" && (value | 0) === value) return value;
    refuse(symbol, parameter, "a signed 32-bit integer", value);
  },
  u32(value, symbol, parameter) {
    if (typeof value === "number" && (value >>> 0) === value) return value;
    refuse(symbol, parameter, "an unsigned 32-bit integer", value);
  },
  u64(value, symbol, parameter) {
    if (typeof value === "bigint" ? BigInt.asUintN(64, value) === value : isCount(value)) {
      return BigInt(value as number | bigint);
    }
    refuse(symbol, parameter, "an unsigned 64-bit integer", value);
  },
  buffer(value, symbol, parameter) {
    if (value === null || (value instanceof Uint8Array && value.byteLength > 0)) return value;
    refuse(symbol, parameter, "a non-empty Uint8Array or null", value);
  },
  structure(value, symbol, parameter) {
    if (value instanceof Uint8Array && value.byteLength >= STRUCTURE_SIZE) return value;
    refuse(symbol, parameter, `a Uint8Array of at least ${STRUCTURE_SIZE} bytes`, value);
  },
  path(value, symbol, parameter) {
    if (isCString(value)) return terminated(value);
    refuse(symbol, parameter, "a well-formed string or bytes, without NUL", value);
  },
  strings(value, symbol, parameter, adapter) {
    const expected = "a list of well-formed strings or bytes, without NUL";
    if (!Array.isArray(value)) refuse(symbol, parameter, expected, value);
    for (const text of value) {
      if (!isCString(text)) refuse(symbol, parameter, expected, text);
    }
    return pointersTo(value, adapter);
  },
};

function isCString(value: unknown): value is CString {
  return typeof value === "string"
    ? !/[\0\p{Surrogate}]/u.test(value)
    : value instanceof Uint8Array && !value.includes(0);
}

function terminated(text: CString): Uint8Array {
  if (typeof text === "string") return encoder.encode(text + "\0");
  const bytes = new Uint8Array(new ArrayBuffer(text.byteLength + 1));
  bytes.set(text);
  return bytes;
}

/** A NULL-ended array of pointers to strings, and the strings after it, in one buffer. */
function pointersTo(strings: readonly CString[], adapter: Adapter): Uint8Array {
  const start = 8 * (strings.length + 1);
  const packed = pack(strings);
  const bytes = new Uint8Array(new ArrayBuffer(start + packed.byteLength));
  bytes.set(packed, start);
  const view = new DataView(bytes.buffer);
  const address = adapter.address(bytes);
  let offset = start;
  for (let index = 0; index < strings.length; index++) {
    view.setBigUint64(8 * index, address + BigInt(offset), true);
    offset = bytes.indexOf(0, offset) + 1;
  }
  return bytes;
}

/** Strings one after the other, each with its NUL. An environment is encoded at once. */
function pack(strings: readonly CString[]): Uint8Array {
  if (strings.every((text) => typeof text === "string")) {
    return encoder.encode(strings.map((text) => `${text}\0`).join(""));
  }
  return concatenate(strings.map(terminated));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Adds the checks and the `-errno` result; one closure a number of parameters, to stay fast. */
function checked(
  symbol: string,
  { parameters, returnsErrno }: CFunction,
  raw: RawFunction,
  adapter: Adapter,
): (...args: unknown[]) => number {
  const result = returnsErrno
    ? (value: number) => 0 - value
    : (value: number) => value === -1 ? -adapter.errno() : value;
  const argument = parameters.map(([name, kind]) => {
    const check = checks[kind];
    return (value: unknown) => check(value, symbol, name, adapter);
  });
  const [a, b, c, d, e, f] = argument as Required<typeof argument>;
  switch (argument.length) {
    case 1:
      return (v) => result(raw(a!(v)));
    case 2:
      return (v, w) => result(raw(a!(v), b!(w)));
    case 3:
      return (v, w, x) => result(raw(a!(v), b!(w), c!(x)));
    case 4:
      return (v, w, x, y) => result(raw(a!(v), b!(w), c!(x), d!(y)));
    case 5:
      return (v, w, x, y, z) => result(raw(a!(v), b!(w), c!(x), d!(y), e!(z)));
    default:
      return (u, v, w, x, y, z) => result(raw(a!(u), b!(v), c!(w), d!(x), e!(y), f!(z)));
  }
}

/** Makes a {@linkcode Libc} that looks each function up on its first use. */
export function bindLibc(adapter: Adapter): Libc {
  const libc = {};
  for (const [name, symbol] of Object.entries(symbols)) {
    Object.defineProperty(libc, name, {
      configurable: true,
      enumerable: true,
      get() {
        const kinds = symbol.parameters.map(([, kind]) => kind);
        const raw = adapter.bind(symbol.symbol ?? name, kinds);
        const value = checked(name, symbol, raw, adapter);
        Object.defineProperty(libc, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return libc as Libc;
}
