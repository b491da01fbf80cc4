/**
 * RTM_NEWNSID and its relatives: the id by which a namespace knows another one, as bytes.
 *
 * @module
 */

import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttribute } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { i32, namespace } from "../codec/values.ts";
import { NETNSA, NETNSA_NSID_NOT_ASSIGNED, RTGENMSG_LENGTH } from "../constants/net_namespace.ts";

const attributes: AttributeTable = attributeTable(NETNSA, {
  NETNSA_FD: ["netns", namespace],
  NETNSA_NSID: ["nsid", i32],
  NETNSA_TARGET_NSID: ["targetNsid", i32],
  NETNSA_CURRENT_NSID: ["currentNsid", i32],
});

/** Appends a namespace, and the id that it is to have. */
export function writeNsid(writer: MessageWriter, netns: unknown, nsid?: number | "auto"): void {
  writeNsidHeader(writer);
  const number = nsid === "auto" ? NETNSA_NSID_NOT_ASSIGNED : nsid;
  writeAttribute(writer, NETNSA.NETNSA_FD, namespace, netns, "netns");
  if (number !== undefined) writeAttribute(writer, NETNSA.NETNSA_NSID, i32, number, "nsid");
}

/** Appends the header alone, as in the request for a list. */
export function writeNsidHeader(writer: MessageWriter): void {
  writer.u32(0);
}

/** Reads an id from its header on; undefined where there is none. */
export function readNsid(reader: MessageReader, start: number, end: number): number | undefined {
  if (end - start < RTGENMSG_LENGTH) return undefined;
  return readNsidEntry(reader, start, end).nsid;
}

/** Which ids are asked for: all those of the target, else of the namespace; or that of one id. */
export interface NsidFilter {
  /** The namespace whose ids are meant, by the id that it has here. */
  readonly target?: number | undefined;
  /** An id here. */
  readonly nsid?: number | undefined;
}

/** An id, as one namespace has it for another. */
export interface NsidEntry {
  /** The id; missing where the target has none for it. */
  nsid?: number;
  /** With a target: the id of the same one here, where it has one. */
  currentNsid?: number;
}

/** Appends which ids are asked for. */
export function writeNsidFilter(writer: MessageWriter, { target, nsid }: NsidFilter): void {
  writeNsidHeader(writer);
  if (nsid !== undefined) writeAttribute(writer, NETNSA.NETNSA_NSID, i32, nsid, "nsid");
  if (target === undefined) return;
  writeAttribute(writer, NETNSA.NETNSA_TARGET_NSID, i32, target, "target");
}

/** Reads what answers a filter. */
export function readNsidEntry(reader: MessageReader, start: number, end: number): NsidEntry {
  const members: Members = {};
  readAttributes(reader, start + RTGENMSG_LENGTH, end, attributes, members);
  const entry: NsidEntry = {};
  for (const name of ["nsid", "currentNsid"] as const) {
    const id = members[name] as number | undefined;
    if (id !== undefined && id !== NETNSA_NSID_NOT_ASSIGNED) entry[name] = id;
  }
  return entry;
}

/** Names the attribute of a message that is at an offset. */
export function nsidAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + RTGENMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
