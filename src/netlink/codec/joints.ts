/**
 * Attributes and members that are not one to one: bits that are members each, a member that is in
 * one of two attributes.
 *
 * @module
 */

import { checkBoolean, wrongType } from "../../check.ts";
import { ipBytes } from "../../ip_address.ts";
import { ipv4, ipv6 } from "./addresses.ts";
import type { JointMembers, Members, Value } from "./attribute_table.ts";
import type { MessageReader } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";

type Bits = Readonly<Record<string, number>>;

/** Switches in the bits of one integer. Those that are not given are off. */
export function switches(of: Value, bits: Bits): readonly [JointMembers] {
  const names = Object.keys(bits);
  const write = (writer: MessageWriter, members: Members, option: string) => {
    const { set, mask } = bitsOf(members, bits, option);
    if (mask !== 0) of.write(writer, set, option, members);
    return mask !== 0;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    const set = of.read(reader, start, end, members) as number | undefined;
    if (set !== undefined) readBits(set, members, bits);
    return set !== undefined;
  };
  return [{ joint: { names, write, read } }];
}

/** Switches in a structure of two 32-bit integers: what is on, and which of them are meant. */
export function maskedSwitches(bits: Bits): readonly [JointMembers] {
  const names = Object.keys(bits);
  const write = (writer: MessageWriter, members: Members, option: string) => {
    const { set, mask } = bitsOf(members, bits, option);
    if (mask !== 0) writer.u32(set).u32(mask);
    return mask !== 0;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    const fits = end - start === 8;
    if (fits) readBits(reader.u32(start), members, bits);
    return fits;
  };
  return [{ joint: { names, separate: true, write, read } }];
}

function bitsOf(members: Members, bits: Bits, option: string): { set: number; mask: number } {
  let set = 0;
  let mask = 0;
  for (const name in bits) {
    const value = members[name];
    checkBoolean(`${option}.${name}`, value);
    if (value === undefined) continue;
    mask |= bits[name]!;
    if (value === true) set |= bits[name]!;
  }
  return { set, mask };
}

function readBits(set: number, members: Members, bits: Bits): void {
  for (const name in bits) members[name] = (set & bits[name]!) !== 0;
}

/** One of two attributes for an IP address: that of IPv4, or that of IPv6. */
export function ipOf(name: string, family: 4 | 6): readonly [JointMembers] {
  const value = family === 4 ? ipv4 : ipv6;
  const length = family === 4 ? 4 : 16;
  const write = (writer: MessageWriter, members: Members, option: string) => {
    const address = members[name];
    if (address === undefined) return false;
    const bytes = typeof address === "string" ? ipBytes(address) : undefined;
    if (bytes === undefined) {
      throw wrongType(`${option}.${name}`, "an IPv4 or IPv6 address", address);
    }
    if (bytes.byteLength === length) writer.bytes(bytes);
    return bytes.byteLength === length;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    const address = value.read(reader, start, end, members);
    if (address !== undefined) members[name] = address;
    return address !== undefined;
  };
  return [{ joint: { names: [name], write, read } }];
}

/** A number that may be the word `inherit` instead, which is a second attribute. */
export function unlessInherited(name: string, of: Value): readonly [JointMembers] {
  const write = (writer: MessageWriter, members: Members, option: string) => {
    const value = members[name];
    if (value === undefined || value === "inherit") return false;
    if (typeof value !== "number") {
      throw wrongType(`${option}.${name}`, 'an integer or "inherit"', value);
    }
    of.write(writer, value, `${option}.${name}`, members);
    return true;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    const value = of.read(reader, start, end, members);
    if (value !== undefined) members[name] ??= value;
    return value !== undefined;
  };
  return [{ joint: { names: [name], write, read } }];
}

/**
 * The second attribute of {@linkcode unlessInherited}, which says by a 1 or by being there that the
 * value is inherited. The kernel tells a 0 as well.
 */
export function inherited(name: string, asFlag: boolean): readonly [JointMembers] {
  const write = (writer: MessageWriter, members: Members) => {
    if (members[name] !== "inherit") return false;
    if (!asFlag) writer.u8(1);
    return true;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    if (end - start > 1) return false;
    if (end === start || reader.u8(start) !== 0) members[name] = "inherit";
    return true;
  };
  return [{ joint: { names: [name], write, read } }];
}
