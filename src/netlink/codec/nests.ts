/**
 * Kinds of values that hold attributes themselves.
 *
 * @module
 */

import { outOfRange, wrongType } from "../../check.ts";
import { type RawAttribute, readAttributes, writeAttributes } from "./attributes.ts";
import {
  type AttributeTable,
  attributeTable,
  type FlatNest,
  hasMember,
  memberNames,
  type Members,
  type Value,
} from "./attribute_table.ts";
import { NLA_HDRLEN } from "./message_writer.ts";

type TableOf = (members: Members) => AttributeTable | undefined;

/** An object in a member of its own. The table may depend on the enclosing object. */
export function nested(table: AttributeTable | TableOf): Value {
  const tableOf: TableOf = typeof table === "function" ? table : () => table;
  return {
    nested: tableOf,
    write(writer, value, option, members) {
      const table = tableOf(members);
      if (table === undefined) throw wrongType(option, "left out here", value);
      checkMembers(option, value, table);
      writeAttributes(writer, table, value as Members, option);
    },
    read(reader, start, end, members) {
      const table = tableOf(members);
      if (table === undefined) return undefined;
      const value: Members = {};
      readAttributes(reader, start, end, table, value);
      return value;
    },
  };
}

/** Attributes whose members stand in the enclosing object. */
export function flat(table: AttributeTable | TableOf): readonly [FlatNest] {
  return [{ flat: table }];
}

/** A list, each entry in an attribute: of one number, or numbered from `first` on. */
export function list(of: Value, type?: number, first = 1): Value {
  return {
    ...(of.nested === undefined ? {} : { nested: () => repeatedTable(of) }),
    write(writer, value, option, members) {
      if (!Array.isArray(value)) throw wrongType(option, "an array", value);
      value.forEach((entry, index) => {
        const start = writer.begin(type ?? index + first);
        const name = `${option}[${index}]`;
        of.write(writer, entry, name, members);
        writer.end(start, name);
      });
    },
    read(reader, start, end, members) {
      const values: unknown[] = [];
      let offset = start;
      while (offset + NLA_HDRLEN <= end) {
        const length = reader.u16(offset);
        if (length < NLA_HDRLEN || offset + length > end) return undefined;
        const value = of.read(reader, offset + NLA_HDRLEN, offset + length, members);
        if (value === undefined) return undefined;
        values.push(value);
        offset += length + 3 & ~3;
      }
      return values;
    },
  };
}

/** For paths into a list: every number leads to an entry. */
function repeatedTable(of: Value): AttributeTable {
  const entries = Array.from({ length: 64 }, (_, index) => String(index));
  const numbers = Object.fromEntries(entries.map((entry) => [entry, Number(entry)]));
  return attributeTable(
    numbers,
    Object.fromEntries(entries.map((entry) => [entry, [entry, of] as const])),
  );
}

/**
 * Requires an object with no members but those of the table and raw `attributes`. `others` are more
 * that a caller may set, `told` more that are only told.
 */
export function checkMembers(
  option: string,
  value: unknown,
  table: AttributeTable,
  others: readonly string[] = [],
  told: readonly string[] = [],
): asserts value is Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongType(option, "an object", value);
  }
  for (const name of Object.keys(value)) {
    if (name === "attributes" || others.includes(name) || told.includes(name)) continue;
    if (hasMember(table, name, value as Members)) continue;
    const writable = memberNames(table, value as Members, true);
    const names = [...others, ...writable, "attributes"].join(", ");
    throw new TypeError(`${option}.${name} is not an option: the options are ${names}`);
  }
  checkPlaces(option, value as Members, table);
}

/** Requires that raw attributes are where the table has a place for them. */
function checkPlaces(option: string, { attributes, ...members }: Members, table: AttributeTable) {
  if (!Array.isArray(attributes)) return;
  let places: string[] | undefined;
  (attributes as RawAttribute[]).forEach((raw, index) => {
    if (raw?.within === undefined) return;
    places ??= nestPaths(table, members, "");
    if (places.includes(raw.within)) return;
    const expected = places.map((place) => `"${place}"`).join(", ");
    throw outOfRange(`${option}.attributes[${index}].within`, `one of ${expected}`, raw.within);
  });
}

function nestPaths(table: AttributeTable, members: Members, within: string): string[] {
  return table.attributes.flatMap(({ header, name, value, joint }) => {
    const nested = name === undefined && joint === undefined ? value.nested?.(members) : undefined;
    if (nested === undefined) return [];
    const path = within + header;
    return [path, ...nestPaths(nested, members, `${path}/`)];
  });
}
