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
  /** The path of the attribute at an offset, where it holds more than one table of attributes. */
  readonly path?: (reader: MessageReader, start: number, end: number, target: number) =>
    | string
    | undefined;
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
  /** The table of a nest without a member of its own, where it does not depend on members. */
  readonly table?: AttributeTable | undefined;
  /** Set where it and the members of the object are not one to one. */
  readonly joint?: Joint | undefined;
}

/** How an attribute is told by several members, or a member by several attributes. */
export interface Joint {
  /** The members that it takes part in. */
  readonly names: readonly string[];
  /** Whether a member that is left out is not touched, although another one is there. */
  readonly separate?: boolean;
  /**
   * Appends the payload; false when the members ask for no attribute.
   *
   * @throws {TypeError | RangeError} A value that does not fit.
   */
  write(writer: MessageWriter, members: Members, option: string): boolean;
  /** Reads into the members; false when the payload does not fit, and is kept as bytes then. */
  read(reader: MessageReader, start: number, end: number, members: Members): boolean;
  /** The table of what is nested in it. */
  readonly nested?: (members: Members) => AttributeTable | undefined;
}

/** A C structure that stands before the attributes of a nest, with members of its own. */
export interface Header {
  readonly names: readonly string[];
  write(writer: MessageWriter, members: Members, option: string): void;
  /** Where the attributes begin; undefined when there is no such structure. */
  end(start: number, end: number): number | undefined;
  read(reader: MessageReader, start: number, end: number, members: Members): void;
}

/** Attributes by their number, in the order in which they are written. */
export interface AttributeTable {
  readonly attributes: readonly Attribute[];
  readonly byType: readonly (Attribute | undefined)[];
  /** The names of its own members. */
  readonly names: ReadonlySet<string>;
  /** Those whose members stand in the enclosing object. */
  readonly flat: readonly Attribute[];
  readonly header: Header | undefined;
  /** What {@linkcode attributesOf} told last: messages that are alike often follow each other. */
  readonly last: { names: readonly string[]; attributes: readonly Attribute[] };
}

/** How an attribute is declared: its member, its value, whether it is only read. */
export type Declaration =
  | readonly [name: string, value: Value, mode?: "read-only"]
  | readonly [nest: FlatNest]
  | readonly [joint: JointMembers]
  | "redundant";

/** A nest whose attributes are members of the enclosing object. */
export interface FlatNest {
  readonly flat: AttributeTable | ((members: Members) => AttributeTable | undefined);
}

/** Members that stand in the enclosing object. */
export interface JointMembers {
  readonly joint: Joint;
}

/**
 * Makes a table. `numbers` has the constants of the kernel's header. Most tables are of kinds that a
 * program never uses: a table is made when it is first looked at.
 */
export function attributeTable<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  declarations: { readonly [Key in Name]?: Declaration },
  header?: Header,
): AttributeTable {
  let made: AttributeTable | undefined;
  const table = () => made ??= makeTable(numbers, declarations, header);
  return {
    get attributes() {
      return table().attributes;
    },
    get byType() {
      return table().byType;
    },
    get names() {
      return table().names;
    },
    get flat() {
      return table().flat;
    },
    get last() {
      return table().last;
    },
    header,
  };
}

function makeTable<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  declarations: { readonly [Key in Name]?: Declaration },
  header: Header | undefined,
): AttributeTable {
  const attributes: Attribute[] = [];
  const byType: (Attribute | undefined)[] = [];
  for (const [name, declaration] of Object.entries(declarations) as [Name, Declaration][]) {
    const attribute = toAttribute(name, numbers[name], declaration);
    attributes.push(attribute);
    byType[attribute.type] ??= attribute;
  }
  const names = attributes.flatMap(({ name, joint }) => name ?? joint?.names ?? []);
  return {
    attributes,
    byType: Array.from(byType),
    header,
    names: new Set([...names, ...header?.names ?? []]),
    flat: attributes.filter(({ name }) => name === undefined),
    last: { names: [], attributes: attributes.filter((each) => isOf(each, new Set())) },
  };
}

/** The attributes that tell members of these names, few of those that a table has, in order. */
export function attributesOf(
  { attributes, last }: AttributeTable,
  names: readonly string[],
): readonly Attribute[] {
  if (!isSame(names, last.names)) {
    const given = new Set(names);
    last.names = names;
    last.attributes = attributes.filter((each) => isOf(each, given));
  }
  return last.attributes;
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index++) {
    if (names[index] !== others[index]) return false;
  }
  return true;
}

function isOf({ name, joint, table, redundant }: Attribute, given: ReadonlySet<string>): boolean {
  if (redundant) return false;
  if (name !== undefined) return given.has(name);
  if (joint !== undefined) return joint.names.length === 0 || hasAny(given, joint.names);
  // Which members a nest has may depend on those that are given; raw attributes may belong into it.
  if (table === undefined || table.flat.length > 0 || given.has("attributes")) return true;
  return hasAny(given, table.names);
}

function hasAny(given: ReadonlySet<string>, names: Iterable<string>): boolean {
  for (const name of names) if (given.has(name)) return true;
  return false;
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
  const [part] = declaration as readonly [FlatNest | JointMembers];
  if ("flat" in part) {
    const { flat } = part;
    if (typeof flat === "function") return { ...common, name: undefined, value: flatValue(flat) };
    return { ...common, name: undefined, value: flatValue(() => flat), table: flat };
  }
  return {
    ...common,
    name: undefined,
    value: flatValue(part.joint.nested ?? (() => undefined)),
    joint: part.joint,
  };
}

/** Flat nests are written and read by the codec itself. */
function flatValue(nested: (members: Members) => AttributeTable | undefined): Value {
  return { write: () => {}, read: () => undefined, nested };
}

/** Whether a table has a member, also in flat nests. */
export function hasMember(table: AttributeTable, name: string, members: Members): boolean {
  if (table.names.has(name)) return true;
  return table.flat.some(({ value }) => {
    const nested = value.nested?.(members);
    return nested !== undefined && hasMember(nested, name, members);
  });
}

/** The names of the members that a table has, also of those in flat nests. */
export function memberNames(
  table: AttributeTable,
  members: Members,
  writable = false,
): Set<string> {
  const names = new Set<string>(table.header?.names);
  for (const { name, value, joint, readOnly } of table.attributes) {
    if (name !== undefined) {
      if (!(readOnly && writable)) names.add(name);
    } else if (joint !== undefined) { for (const each of joint.names) names.add(each); }
    else {
      const nested = value.nested?.(members);
      if (nested) {
        for (const inner of memberNames(nested, members, writable)) names.add(inner);
      }
    }
  }
  return names;
}
