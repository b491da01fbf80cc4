/**
 * Kinds of values that attributes hold: numbers, words, text, bytes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { checkInteger, outOfRange, wrongType } from "../../check.ts";
import type { Header, Value } from "./attribute_table.ts";
import type { MessageReader } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";

type Integer = "u8" | "u16" | "u32" | "i32" | "u64" | "be16" | "be32" | "be64";

const sizes: Readonly<Record<Integer, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  be16: 2,
  be32: 4,
  be64: 8,
};

const limits: Readonly<Record<Integer, readonly [min: number, max: number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i32: [-0x80000000, 0x7fffffff],
  u64: [0, Number.MAX_SAFE_INTEGER],
  be16: [0, 0xffff],
  be32: [0, 0xffffffff],
  be64: [0, Number.MAX_SAFE_INTEGER],
};

function integer(type: Integer): Value {
  const size = sizes[type];
  const [min, max] = limits[type];
  const put = type === "i32" ? "u32" : type;
  return {
    write(writer, value, option) {
      writer[put](checkInteger(option, value, min, max));
    },
    read(reader, start, end) {
      return end - start === size ? reader[type](start) : undefined;
    },
  };
}

/** Unsigned 8-bit integer. */
export const u8: Value = integer("u8");
/** Unsigned 16-bit integer. */
export const u16: Value = integer("u16");
/** Unsigned 32-bit integer. */
export const u32: Value = integer("u32");
/** Signed 32-bit integer. */
export const i32: Value = integer("i32");
/** Unsigned 64-bit integer, as a number: exact up to 2^53. */
export const u64: Value = integer("u64");
/** Unsigned 16-bit integer in network byte order. */
export const be16: Value = integer("be16");
/** Unsigned 32-bit integer in network byte order. */
export const be32: Value = integer("be32");
/** Unsigned 64-bit integer in network byte order, as a number: exact up to 2^53. */
export const be64: Value = integer("be64");

/** 0 or 1 in an integer, as a boolean. */
export function boolean(of: Value): Value {
  return {
    write(writer, value, option, members) {
      if (typeof value !== "boolean") throw wrongType(option, "a boolean", value);
      of.write(writer, value ? 1 : 0, option, members);
    },
    read(reader, start, end, members) {
      const value = of.read(reader, start, end, members);
      return value === undefined ? undefined : value !== 0;
    },
  };
}

/** An attribute that says by being there. False is not written. */
export const flag: Value = {
  omits: (value) => value === false,
  write(_writer, value, option) {
    if (value !== true) throw wrongType(option, "a boolean", value);
  },
  read(_reader, start, end) {
    return start === end ? true : undefined;
  },
};

/** A number that has names; a number without one is itself. */
export function words<Word extends string>(
  of: Value,
  numbers: Readonly<Record<Word, number>>,
): Value {
  const wordOf = wordsByNumber(numbers);
  const known = Object.keys(numbers).map((word) => `"${word}"`).join(", ");
  return {
    write(writer, value, option, members) {
      const number = typeof value === "string" && Object.hasOwn(numbers, value)
        ? numbers[value as Word]
        : value;
      if (typeof number !== "number") {
        throw wrongType(option, `one of ${known}, or a number`, value);
      }
      of.write(writer, number, option, members);
    },
    read(reader, start, end, members) {
      const number = of.read(reader, start, end, members) as number | undefined;
      return number === undefined ? undefined : wordOf(number);
    },
  };
}

/** The number of a word in `numbers`, or a number up to `max` itself. */
export function wordNumber<Word extends string>(
  numbers: Readonly<Record<Word, number>>,
  value: unknown,
  option: string,
  max: number,
): number {
  if (typeof value === "number") return checkInteger(option, value, 0, max);
  if (typeof value === "string" && Object.hasOwn(numbers, value)) return numbers[value as Word];
  const known = Object.keys(numbers).map((word) => `"${word}"`).join(", ");
  throw wrongType(option, `one of ${known}, or a number`, value);
}

/** The words of numbers; a number without one is itself. */
export function wordsByNumber<Word extends string>(
  numbers: Readonly<Record<Word, number>>,
): (number: number) => Word | number {
  const words: Word[] = [];
  for (const [word, number] of Object.entries<number>(numbers)) words[number] = word as Word;
  return (number) => words[number] ?? number;
}

/** Bits that have names, as the list of those that are set. */
export function bits<Word extends string>(
  of: Value,
  numbers: Readonly<Record<Word, number>>,
): Value {
  const read = bitWords(numbers);
  return {
    write(writer, value, option, members) {
      if (!Array.isArray(value)) throw wrongType(option, "an array", value);
      let set = 0;
      value.forEach((word, index) => {
        set |= wordNumber(numbers, word, `${option}[${index}]`, 0x7fffffff);
      });
      of.write(writer, set, option, members);
    },
    read(reader, start, end, members) {
      const set = of.read(reader, start, end, members) as number | undefined;
      return set === undefined ? undefined : read(set);
    },
  };
}

/** The words of bits. The same bits give the same array, which is frozen. */
export function bitWords<Word extends string>(
  numbers: Readonly<Record<Word, number>>,
): (set: number) => readonly (Word | number)[] {
  const words = Object.entries<number>(numbers) as [Word, number][];
  const known = new Map<number, readonly (Word | number)[]>();
  return (set) => {
    let list = known.get(set);
    if (list === undefined) {
      let rest = set;
      const found: (Word | number)[] = [];
      for (const [word, bit] of words) {
        if ((rest & bit) === 0) continue;
        found.push(word);
        rest &= ~bit;
      }
      if (rest !== 0) found.push(rest >>> 0);
      list = Object.freeze(found);
      // What a kernel sets are few; what is made up must not fill the memory.
      if (known.size < 1024) known.set(set, list);
    }
    return list;
  };
}

/** What C would cut, and what UTF-8 cannot tell. */
const malformedText = /[\0\p{Surrogate}]/u;

/** Text; written with the NUL at its end that C wants, at most `max` bytes without it. */
export function text(max: number, terminated = true): Value {
  return {
    write(writer, value, option) {
      if (typeof value !== "string") throw wrongType(option, "a string", value);
      if (malformedText.test(value)) {
        throw outOfRange(option, "a well-formed string without NUL", value);
      }
      const start = writer.length;
      writer.text(value);
      if (writer.length - start > max) throw outOfRange(option, `at most ${max} bytes`, value);
      if (terminated) writer.u8(0);
    },
    read(reader, start, end) {
      return reader.text(start, end);
    },
  };
}

/** The name of a link: of at most `max` bytes, without slash, colon and white space. */
function linkNameValue(max: number): Value {
  const name = text(max);
  return {
    ...name,
    write(writer, value, option, members) {
      checkLinkName(option, value);
      name.write(writer, value, option, members);
    },
  };
}

/** The name of a link. */
export const linkName: Value = linkNameValue(15);

/** An alternative name of a link. */
export const alternativeName: Value = linkNameValue(127);

/** Requires a name that a link may have, of whatever length. */
export function checkLinkName(option: string, value: unknown): void {
  if (typeof value !== "string") throw wrongType(option, "a string", value);
  if (malformedText.test(value)) {
    throw outOfRange(option, "a well-formed string without NUL", value);
  }
  if (Buffer.byteLength(value) > 127) throw outOfRange(option, "at most 127 bytes", value);
  if (value === "" || value === "." || value === ".." || /[/:\s]/.test(value)) {
    throw outOfRange(option, 'a name without "/", ":" and white space', value);
  }
}

/** Bytes, as they are. */
export const binary: Value = {
  write(writer, value, option) {
    if (!(value instanceof Uint8Array)) throw wrongType(option, "a Uint8Array", value);
    writer.bytes(value);
  },
  read(reader, start, end) {
    return reader.copy(start, end);
  },
};

/** The members of a C structure in their order; those without a name are passed over. */
type Fields = readonly (readonly [name: string | undefined, type: Integer])[];

/** A C structure of integers, in an object. Shorter and longer ones are read as far as they go. */
export function struct<Name extends string>(
  fields: readonly (readonly [name: Name | undefined, type: Integer])[],
): Value {
  const empty = emptyObject(fields);
  const length = lengthOf(fields);
  return {
    write(writer, value, option) {
      if (typeof value !== "object" || value === null) throw wrongType(option, "an object", value);
      const members = value as Partial<Record<Name, unknown>>;
      checkFields(option, members, fields);
      for (const [name, type] of fields) {
        const member = name === undefined ? 0 : members[name] ?? 0;
        const [min, max] = limits[type];
        const number = checkInteger(`${option}.${name}`, member, min, max);
        writer[type === "i32" ? "u32" : type](number);
      }
    },
    read(reader, start, end) {
      const members = end - start < length ? {} : { ...empty };
      readStruct(reader, start, end, fields, members);
      return members;
    },
  };
}

/**
 * What a structure is read into. JSON makes it: an object to which members are added one by one is
 * large and slow from some number of them on.
 */
function emptyObject(fields: Fields): Readonly<Record<string, number>> {
  const members = fields.flatMap(([name]) => name === undefined ? [] : [[name, 0] as const]);
  return JSON.parse(JSON.stringify(Object.fromEntries(members))) as Record<string, number>;
}

function lengthOf(fields: Fields): number {
  return fields.reduce((sum, [, type]) => sum + sizes[type], 0);
}

function checkFields(
  option: string,
  members: object,
  fields: Fields,
): void {
  const known = fields.flatMap(([name]) => name ?? []);
  for (const name of Object.keys(members)) {
    if (known.includes(name)) continue;
    throw new TypeError(`${option}.${name} is not an option: the options are ${known.join(", ")}`);
  }
}

/**
 * A C structure before the attributes of a nest. One without any of its members is not written;
 * `minimum` bytes of it are enough to be read.
 */
export function structHeader<Name extends string>(
  fields: readonly (readonly [name: Name | undefined, type: Integer])[],
  minimum?: number,
): Header {
  const value = struct(fields);
  const names = fields.flatMap(([name]) => name ?? []);
  const length = lengthOf(fields);
  return {
    names,
    write(writer, members, option) {
      if (names.some((name) => members[name] !== undefined)) {
        const own = Object.fromEntries(names.map((name) => [name, members[name]]));
        value.write(writer, own, option, own);
      }
    },
    end(start, end) {
      return end - start < (minimum ?? length) ? undefined : Math.min(start + length, end);
    },
    read(reader, start, end, members) {
      readStruct(reader, start, end, fields, members);
    },
  };
}

function readStruct(
  reader: MessageReader,
  start: number,
  end: number,
  fields: Fields,
  members: Record<string, unknown>,
): void {
  let offset = start;
  for (const [name, type] of fields) {
    const next = offset + sizes[type];
    if (next > end) break;
    if (name !== undefined) members[name] = reader[type](offset);
    offset = next;
  }
}

/** A link by name or index, null for none; a name is looked up as the message is sent. */
export const link: Value = {
  write(writer, value, option) {
    if (value === null) writer.u32(0);
    else writeLink(writer, value, option);
  },
  read(reader, start, end) {
    if (end - start !== 4) return undefined;
    const index = reader.u32(start);
    return index === 0 ? null : reader.linkName(index);
  },
};

/**
 * The link below another one: read as an index, for it may be in another namespace. Who reads looks
 * the name up when it is known to be in the same.
 */
export const lowerLink: Value = { ...link, read: u32.read };

/** Appends the index of a link, which is given by name, alternative name or index. */
export function writeLink(writer: MessageWriter, value: unknown, option: string): void {
  if (typeof value === "number") checkInteger(option, value, 1);
  else if (typeof value === "string") checkLinkName(option, value);
  else throw wrongType(option, "the name or the index of a link", value);
  writer.link(value as string | number, option);
}

/** A network namespace, by whatever the caller may name it with. Only written. */
export const namespace: Value = {
  write(writer, value, option) {
    writer.namespace(value, option);
  },
  read() {
    return undefined;
  },
};
