/**
 * RTM_NEWTFILTER and its relatives: a filter as bytes and as an object.
 *
 * @module
 */

import { checkInteger } from "../../check.ts";
import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { flat } from "../codec/nests.ts";
import { u32 } from "../codec/values.ts";
import { TCA, TCM_IFINDEX_MAGIC_BLOCK } from "../constants/rtnetlink.ts";
import type { Filter } from "./filter.ts";
import { filterKinds } from "./filters/mod.ts";
import {
  filterParents,
  formatParent,
  formatU32Handle,
  parseFilterHandle,
  parseHandle,
} from "./handle.ts";
import { checkKinded, tableOf, writeKinded } from "./kinds.ts";
import { formatEthernetProtocol, parseEthernetProtocol } from "./protocols.ts";
import {
  kindDeclaration,
  TCMSG_LENGTH,
  writeTrafficControlHeader,
} from "./traffic_control_message.ts";

/** The members that filters of all kinds have, but for the kind. */
export const filterNames: readonly string[] = [
  ...["dev", "block", "parent", "pref", "protocol", "handle", "chain"],
];

const filterAttributes: AttributeTable = attributeTable(TCA, {
  TCA_KIND: kindDeclaration,
  TCA_CHAIN: ["chain", u32],
  TCA_OPTIONS: flat(tableOf(filterKinds)),
});

const targetAttributes: AttributeTable = attributeTable(TCA, {
  TCA_KIND: kindDeclaration,
  TCA_CHAIN: ["chain", u32],
});

/** Appends a filter to add, to replace or to change; `protocol` is that of a new one. */
export function writeFilter(writer: MessageWriter, options: unknown, protocol?: string): void {
  checkKinded("options", options, filterKinds, filterNames);
  const members = { ...options, protocol: options.protocol ?? protocol };
  writeFilterHeader(writer, members, "options");
  writeKinded(writer, members, "options", filterAttributes, filterKinds);
}

/** Appends which filters are meant. */
export function writeFilterTarget(writer: MessageWriter, members: Members, option: string): void {
  writeFilterHeader(writer, members, option);
  writeAttributes(writer, targetAttributes, members, option);
}

function writeFilterHeader(writer: MessageWriter, members: Members, option: string): void {
  const { dev, block, parent, pref = 0, protocol, handle } = members;
  const inBlock = block !== undefined;
  if (inBlock && (dev !== undefined || parent !== undefined)) {
    throw new TypeError(`${option} must have either block, or dev and parent`);
  }
  const number = protocol === undefined ? 0 : parseEthernetProtocol(`${option}.protocol`, protocol);
  const priority = checkInteger(`${option}.pref`, pref, 0, 0xffff);
  const info = priority * 0x10000 + networkOrder(number);
  const id = handle === undefined ? 0 : parseFilterHandle(`${option}.handle`, handle);
  if (inBlock) {
    checkInteger(`${option}.block`, block, 1, 0xffffffff);
    writer.u32(0).u32(TCM_IFINDEX_MAGIC_BLOCK).u32(id).u32(block as number).u32(info);
    return;
  }
  writeTrafficControlHeader(writer, {
    dev: dev ?? null,
    option: `${option}.dev`,
    handle: id,
    parent: parent === undefined ? 0 : parseHandle(`${option}.parent`, parent, filterParents),
    info,
  });
}

function networkOrder(number: number): number {
  return (number & 0xff) << 8 | number >>> 8;
}

/** Reads a filter from its header on; undefined for what only says that there are some. */
export function readFilter(reader: MessageReader, start: number, end: number): Filter | undefined {
  if (end - start < TCMSG_LENGTH) return undefined;
  const index = reader.u32(start + 4);
  const handle = reader.u32(start + 8);
  const parent = reader.u32(start + 12);
  const info = reader.u32(start + 16);
  if (handle === 0) return undefined;
  const members: Members = index === TCM_IFINDEX_MAGIC_BLOCK
    ? { block: parent, kind: "" }
    : { dev: reader.linkName(index), kind: "", parent: formatParent(parent, filterParents) };
  members.pref = info >>> 16;
  members.protocol = formatEthernetProtocol(networkOrder(info & 0xffff));
  members.handle = handle;
  readAttributes(reader, start + TCMSG_LENGTH, end, filterAttributes, members);
  if (members.kind === "u32") members.handle = formatU32Handle(handle);
  filterKinds.get(members.kind as string)?.decode?.(members);
  return members as unknown as Filter;
}

/** Names the attribute of a message about a filter that is at an offset. */
export function filterAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + TCMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, filterAttributes, offset);
}
