/**
 * `struct ndmsg`, with which messages about neighbours and about addresses of bridges begin, and
 * what attributes they share.
 *
 * @module
 */

import { wrongType } from "../../check.ts";
import type { Members, Value } from "../codec/attribute_table.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { struct, writeLink } from "../codec/values.ts";
import { NTF_EXT } from "../constants/neighbour.ts";

/** The length of `struct ndmsg`. */
export const NDMSG_LENGTH = 12;

/** What stands in `struct ndmsg`. */
export interface NeighbourHeader {
  readonly family: number;
  /** The link by name or index; none in requests for lists. */
  readonly dev?: unknown;
  readonly state?: number;
  readonly flags?: number;
}

/** Appends `struct ndmsg`. */
export function writeNeighbourHeader(writer: MessageWriter, header: NeighbourHeader): void {
  const { family, state = 0, flags = 0 } = header;
  writer.u8(family).u8(0).u16(0);
  if ("dev" in header) writeLink(writer, header.dev, "options.dev");
  else writer.u32(0);
  writer.u16(state).u8(flags).u8(0);
}

/** The bits of the switches that are on. */
export function switchedBits(switches: Readonly<Record<string, number>>, options: Members): number {
  let bits = 0;
  for (const name in switches) {
    const value = options[name];
    if (value !== undefined && typeof value !== "boolean") {
      throw wrongType(`options.${name}`, "a boolean", value);
    }
    if (value === true) bits |= switches[name]!;
  }
  return bits;
}

/** Sets a member for each bit that is set. */
export function readSwitches(
  switches: Readonly<Record<string, number>>,
  bits: number,
  members: Members,
): void {
  for (const name in switches) if ((bits & switches[name]!) !== 0) members[name] = true;
}

/** Times in 1/100 s. */
export const cacheInfo: Value = struct([
  ["confirmed", "u32"],
  ["used", "u32"],
  ["updated", "u32"],
  ["refcnt", "u32"],
]);

/** The bits of `NDA_FLAGS_EXT`, each a member. */
const extendedSwitches = {
  managed: NTF_EXT.MANAGED,
  locked: NTF_EXT.LOCKED,
  externValid: NTF_EXT.EXT_VALIDATED,
} as const;

/** `NDA_FLAGS_EXT`, which stands at the member `managed` and sets the other two as well. */
export const extendedFlags: Value = {
  omits: (_value, members) => switchedBits(extendedSwitches, members) === 0,
  write(writer, _value, _option, members) {
    writer.u32(switchedBits(extendedSwitches, members));
  },
  read(reader: MessageReader, start, end, members) {
    if (end - start !== 4) return undefined;
    const bits = reader.u32(start);
    readSwitches(extendedSwitches, bits, members);
    return (bits & NTF_EXT.MANAGED) !== 0;
  },
};
