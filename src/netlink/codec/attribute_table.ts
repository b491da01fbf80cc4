/**
 * Attributes of netlink messages as data: number, member of the object, kind of value.
 *
 * @module
 */

import type { MessageReader } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";

/** The object that a message is made from or read into. */
export type Members = Record<string, unknown>;

/** A kind of value: how the payload of an attribute is written and read. */
export interface Value {
  /**
   * Appends the payload.
   *
   * @throws {TypeError | RangeError} A value that does not fit; it names `option`.
   */
  write(writer: MessageWriter, value: unknown, option: string, members: Members): void;
  /** Reads the payload; undefined when it is none of this kind, and is kept as bytes then. */
  read(reader: MessageReader, start: number, end: number, members: Members): unknown;
  /** Whether a value says that the attribute is to be left out. */
  readonly omits?: (value: unknown, members: Members) => boolean;
  /** The table of what is nested in it. */
  readonly nested?: (members: Members) => AttributeTable | undefined;
}

/** One attribute. */
export interface Attribute {
  /** As the kernel's headers call it: `IFLA_MTU`. */
  readonly header: string;
  readonly type: number;
  /** The member of the object; an attribute without one has its members in the same object. */
  readonly name: string | undefined;
  readonly value: Value;
  /** Whether the kernel only tells it: it is not written. */
  readonly readOnly: boolean;
  /** Whether what it tells is told by another attribute as well: it is not read. */
  readonly redundant: boolean;
}

/** Attributes by their number, in the order in which they are written. */
export interface AttributeTable {
  readonly attributes: readonly Attribute[];
  readonly byType: readonly (Attribute | undefined)[];
}

/** How an attribute is declared: its member, its value, whether it is only read. */
export type Declaration =
  | readonly [name: string, value: Value, mode?: "read-only"]
  | readonly [flat: FlatNest]
  | "redundant";

/** A nest whose attributes are members of the enclosing object. */
export interface FlatNest {
  readonly flat: (members: Members) => AttributeTable | undefined;
}

/** Makes a table. `numbers` has the constants of the header. */
export function attributeTable<Header extends string>(
  numbers: Readonly<Record<Header, number>>,
  declarations: { readonly [Key in Header]?: Declaration },
): AttributeTable {
  const attributes: Attribute[] = [];
  const byType: (Attribute | undefined)[] = [];
  for (const [header, declaration] of Object.entries(declarations) as [Header, Declaration][]) {
    const attribute = toAttribute(header, numbers[header], declaration);
    attributes.push(attribute);
    byType[attribute.type] ??= attribute;
  }
  return { attributes, byType: Array.from(byType) };
}

function toAttribute(header: string, type: number, declaration: Declaration): Attribute {
  const common = { header, type, readOnly: false, redundant: false };
  if (declaration === "redundant") {
    return { ...common, name: undefined, value: flatValue(() => undefined), redundant: true };
  }
  if (declaration.length > 1) {
    const [name, value, mode] = declaration as readonly [string, Value, "read-only"?];
    return { ...common, name, value, readOnly: mode !== undefined };
  }
  const [{ flat }] = declaration as readonly [FlatNest];
  return { ...common, name: undefined, value: flatValue(flat) };
}

/** Flat nests are written and read by the codec itself. */
function flatValue(nested: FlatNest["flat"]): Value {
  return { write: () => {}, read: () => undefined, nested };
}

/** The names of the members that a table has, also of those in flat nests. */
export function memberNames(table: AttributeTable, members: Members): Set<string> {
  const names = new Set<string>();
  for (const { name, value } of table.attributes) {
    if (name !== undefined) names.add(name);
    else {
      const nested = value.nested?.(members);
      if (nested) { for (const inner of memberNames(nested, members)) names.add(inner); }
    }
  }
  return names;
}
