/**
 * Writes and reads the attributes of a message by their table.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";
import { checkInteger, wrongType } from "../../check.ts";
import {
  type Attribute,
  attributesOf,
  type AttributeTable,
  type Members,
  type Value,
} from "./attribute_table.ts";
import { NLA_TYPE_MASK } from "../constants/netlink.ts";
import type { MessageReader } from "./message_reader.ts";
import { type MessageWriter, NLA_HDRLEN } from "./message_writer.ts";

/** An attribute as bytes: one that has no name here, or that the caller wants to send as it is. */
export interface RawAttribute {
  /** Its number; the flag `NLA_F_NESTED` (0x8000) may be set. */
  type: number;
  /** Its payload. */
  data: Uint8Array;
  /** Where it is, when not at the top: `IFLA_LINKINFO/IFLA_INFO_DATA`. */
  within?: string | undefined;
}

/** Appends the attributes of `members`; those that are undefined are not sent. */
export function writeAttributes(
  writer: MessageWriter,
  table: AttributeTable,
  members: Members,
  option: string,
): void {
  writeNamed(writer, table, members, Object.keys(members), option, undefined);
}

/** `names` are those of all members. */
function writeNamed(
  writer: MessageWriter,
  table: AttributeTable,
  members: Members,
  names: readonly string[],
  option: string,
  within: string | undefined,
): void {
  table.header?.write(writer, members, option);
  for (const attribute of attributesOf(table, names)) {
    if (attribute.joint !== undefined) writeJoint(writer, attribute, members, option);
    else if (attribute.name === undefined) {
      writeFlat(writer, attribute, members, names, option, within);
    } else {
      const value = members[attribute.name];
      if (value === undefined || attribute.readOnly) continue;
      if (attribute.value.omits?.(value, members)) continue;
      const start = writer.begin(attribute.type);
      const name = `${option}.${attribute.name}`;
      attribute.value.write(writer, value, name, members);
      writer.end(start, name);
    }
  }
  writeRaw(writer, members, option, within);
}

function writeJoint(
  writer: MessageWriter,
  { type, joint }: Attribute,
  members: Members,
  option: string,
): void {
  const start = writer.begin(type);
  if (joint!.write(writer, members, option)) writer.end(start, option);
  else writer.rewind(start);
}

/** Appends one attribute by its number. */
export function writeAttribute(
  writer: MessageWriter,
  type: number,
  value: Value,
  member: unknown,
  option: string,
): void {
  const start = writer.begin(type);
  value.write(writer, member, option, {});
  writer.end(start, option);
}

/** Appends a nest whose members are in the enclosing object, unless it would be empty. */
function writeFlat(
  writer: MessageWriter,
  attribute: Attribute,
  members: Members,
  names: readonly string[],
  option: string,
  within: string | undefined,
): void {
  const table = attribute.value.nested?.(members);
  if (table === undefined) return;
  const start = writer.begin(attribute.type);
  writeNamed(writer, table, members, names, option, path(within, attribute));
  if (writer.length === start + NLA_HDRLEN) writer.rewind(start);
  else writer.end(start, option);
}

function writeRaw(
  writer: MessageWriter,
  members: Members,
  option: string,
  within: string | undefined,
): void {
  if (members.attributes === undefined) return;
  if (!Array.isArray(members.attributes)) {
    throw wrongType(`${option}.attributes`, "an array", members.attributes);
  }
  (members.attributes as RawAttribute[]).forEach((raw, index) => {
    const name = `${option}.attributes[${index}]`;
    if (raw?.within !== within) return;
    checkInteger(`${name}.type`, raw.type, 0, 0xffff);
    if (!(raw.data instanceof Uint8Array)) throw wrongType(`${name}.data`, "bytes", raw.data);
    writer.end(rawBytes(writer, raw), name);
  });
}

function rawBytes(writer: MessageWriter, raw: RawAttribute): number {
  const start = writer.begin(raw.type);
  writer.bytes(raw.data);
  return start;
}

/** Reads the attributes between two offsets into `members`. */
export function readAttributes(
  reader: MessageReader,
  start: number,
  end: number,
  table: AttributeTable,
  members: Members,
  within?: string,
): void {
  const { byType } = table;
  let offset = start;
  if (table.header !== undefined) {
    offset = table.header.end(start, end) ?? end;
    table.header.read(reader, start, end, members);
  }
  while (offset + NLA_HDRLEN <= end) {
    const length = reader.u16(offset);
    const next = offset + length;
    if (length < NLA_HDRLEN || next > end) throw malformed();
    const attribute = byType[reader.u16(offset + 2) & NLA_TYPE_MASK];
    const payload = offset + NLA_HDRLEN;
    let fits = false;
    if (attribute?.name !== undefined) {
      const value = attribute.value.read(reader, payload, next, members);
      fits = value !== undefined;
      if (fits) members[attribute.name] = value;
    } else if (attribute !== undefined) {
      fits = readUnnamed(reader, payload, next, attribute, members, within);
    }
    if (!fits) keepRaw(reader, offset, next, members, within);
    offset += length + 3 & ~3;
  }
  if (offset < end) throw malformed();
}

/** Reads an attribute whose members stand in the same object; false when it does not fit. */
function readUnnamed(
  reader: MessageReader,
  start: number,
  end: number,
  attribute: Attribute,
  members: Members,
  within: string | undefined,
): boolean {
  if (attribute.redundant) return true;
  if (attribute.joint !== undefined) return attribute.joint.read(reader, start, end, members);
  const nested = attribute.value.nested?.(members);
  if (nested === undefined || lacksHeader(nested, start, end)) return false;
  readAttributes(reader, start, end, nested, members, path(within, attribute));
  return true;
}

function lacksHeader({ header }: AttributeTable, start: number, end: number): boolean {
  return header !== undefined && header.end(start, end) === undefined;
}

function keepRaw(
  reader: MessageReader,
  offset: number,
  next: number,
  members: Members,
  within: string | undefined,
): void {
  const raw: RawAttribute = {
    type: reader.u16(offset + 2),
    data: reader.copy(offset + NLA_HDRLEN, next),
  };
  if (within !== undefined) raw.within = within;
  ((members.attributes ??= []) as RawAttribute[]).push(raw);
}

function path(within: string | undefined, attribute: Attribute): string {
  return within === undefined ? attribute.header : `${within}/${attribute.header}`;
}

function malformed(): NetNSError {
  return new NetNSError("Cannot read a netlink message: an attribute goes beyond its end", {
    code: "EBADMSG",
  });
}

/**
 * The attribute of a message that is at `target`, as the kernel's errors tell it:
 * `IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VXLAN_ID`.
 */
export function attributePath(
  reader: MessageReader,
  start: number,
  end: number,
  table: AttributeTable,
  target: number,
  members: Members = {},
): string | undefined {
  const first = table.header === undefined ? start : table.header.end(start, end) ?? end;
  for (let offset = first; offset + NLA_HDRLEN <= end;) {
    const length = reader.u16(offset);
    if (length < NLA_HDRLEN || offset + length > end) return undefined;
    const type = reader.u16(offset + 2) & NLA_TYPE_MASK;
    const attribute = table.byType[type];
    const header = attribute?.header ?? String(type);
    if (target === offset) return header;
    if (attribute !== undefined && target > offset && target < offset + length) {
      const [start, end] = [offset + NLA_HDRLEN, offset + length];
      const nested = attribute.value.nested?.(members);
      const inner = nested === undefined
        ? attribute.value.path?.(reader, start, end, target)
        : attributePath(reader, start, end, nested, target, members);
      return inner === undefined ? header : `${header}/${inner}`;
    }
    const payload = offset + NLA_HDRLEN;
    if (attribute?.joint !== undefined) {
      attribute.joint.read(reader, payload, offset + length, members);
    } else if (attribute?.name !== undefined) {
      members[attribute.name] = attribute.value.read(reader, payload, offset + length, members);
    }
    offset += length + 3 & ~3;
  }
  return undefined;
}
