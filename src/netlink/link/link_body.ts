/**
 * `struct ifinfomsg` and the attributes after it, of a link or of the other end of one.
 *
 * @module
 */

import { checkInteger } from "../../check.ts";
import type { AttributeTable, Members } from "../codec/attribute_table.ts";
import { readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import { writeLink } from "../codec/values.ts";
import { ARPHRD } from "../constants/if.ts";
import { IFINFOMSG_LENGTH } from "../constants/rtnetlink.ts";
import { flagsOf, linkFlagNames, readFlags } from "./link_flags.ts";

/** Members that are in the header, not in attributes. */
export const headerMembers: readonly string[] = [...linkFlagNames, "index"];

/** Members of a link that was read, which are not written. */
export const toldMembers: readonly string[] = ["type", "flags"];

/** What stands in `struct ifinfomsg`. */
export interface LinkHeader {
  family?: number;
  /** The link by name or index; none for one that is to be made. */
  dev?: unknown;
  /** What named it. */
  option?: string;
  flags?: number;
  change?: number;
}

/** Appends `struct ifinfomsg`. */
export function writeLinkHeader(writer: MessageWriter, header: LinkHeader = {}): void {
  const { family = 0, dev, option = "dev", flags = 0, change = 0 } = header;
  writer.u8(family).u8(0).u16(0);
  if (dev === undefined) writer.u32(0);
  else writeLink(writer, dev, option);
  writer.u32(flags).u32(change);
}

/** Appends the header with the flags of `members`, and their attributes. */
export function writeLinkBody(
  writer: MessageWriter,
  members: unknown,
  option: string,
  table: AttributeTable,
  dev?: string | number,
): void {
  checkMembers(option, members, table, headerMembers, toldMembers);
  const { flags, change } = flagsOf(members, option);
  const { index } = members;
  if (dev === undefined && index !== undefined) checkInteger(`${option}.index`, index, 1);
  writeLinkHeader(writer, { dev: dev ?? index, flags, change });
  writeAttributes(writer, table, members, option);
}

/** Names the link below, unless it is in another namespace, where the index has another name. */
function nameLowerLink(reader: MessageReader, members: Members, member: "link" | "dev"): void {
  const index = members[member];
  if (index === 0) members[member] = null;
  else if (typeof index === "number" && members.linkNetnsid === undefined) {
    members[member] = reader.linkName(index);
  }
}

const typeWords = new Map(Object.entries<number>(ARPHRD).map(([word, number]) => [number, word]));

/** Reads the header and the attributes into `members`. */
export function readLinkBody(
  reader: MessageReader,
  start: number,
  end: number,
  table: AttributeTable,
  members: Members,
): void {
  const type = reader.u16(start + 2);
  members.index = reader.i32(start + 4);
  members.type = typeWords.get(type) ?? type;
  readFlags(reader.u32(start + 8), members);
  readAttributes(reader, start + IFINFOMSG_LENGTH, end, table, members);
  nameLowerLink(reader, members, "link");
  // Tunnels call it so.
  nameLowerLink(reader, members, "dev");
}
