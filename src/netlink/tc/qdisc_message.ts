/**
 * RTM_NEWQDISC, RTM_NEWTCLASS and their relatives: qdiscs and classes as bytes and as objects.
 *
 * @module
 */

import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath, readAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { flat } from "../codec/nests.ts";
import { TC_H_INGRESS, TC_H_ROOT } from "../constants/pkt_sched.ts";
import { TCA } from "../constants/rtnetlink.ts";
import { classParents, formatHandle, formatParent, parseHandle, qdiscParents } from "./handle.ts";
import { checkKinded, type Kinds, tableOf, writeKinded } from "./kinds.ts";
import type { Qdisc, TrafficClass } from "./qdisc.ts";
import { classKinds, qdiscKinds } from "./qdiscs/mod.ts";
import {
  blockDeclarations,
  kindDeclaration,
  readDevice,
  stateDeclarations,
  TCMSG_LENGTH,
  writeTrafficControlHeader,
} from "./traffic_control_message.ts";

const MAJOR = 0xffff0000;
const stateNames = ["stats", "offloaded"];
const qdiscNames = [
  ...["dev", "parent", "handle", "ingressBlock", "egressBlock", "refcnt"],
  ...stateNames,
];
const classNames = ["dev", "parent", "classid", "leaf", ...stateNames];

const qdiscAttributes: AttributeTable = attributeTable(TCA, {
  TCA_KIND: kindDeclaration,
  TCA_OPTIONS: flat(tableOf(qdiscKinds)),
  ...blockDeclarations,
  ...stateDeclarations,
});

const classAttributes: AttributeTable = attributeTable(TCA, {
  TCA_KIND: kindDeclaration,
  TCA_OPTIONS: flat(tableOf(classKinds)),
  ...stateDeclarations,
});

/** Appends a qdisc to add, to replace or to change. */
export function writeQdisc(writer: MessageWriter, options: unknown): void {
  checkKinded("options", options, qdiscKinds, qdiscNames);
  writeTrafficControlHeader(writer, {
    dev: options.dev ?? null,
    option: "options.dev",
    ...qdiscPlace(options),
  });
  writeKinded(writer, options, "options", qdiscAttributes, qdiscKinds);
}

/** The numbers of a qdisc and of its place. */
export function qdiscPlace(
  { kind, handle, parent }: Members,
): { readonly handle: number; readonly parent: number } {
  const atIngress = kind === "ingress" || kind === "clsact";
  return {
    handle: handle === undefined
      ? atIngress ? MAJOR >>> 0 : 0
      : parseHandle("options.handle", handle),
    parent: parent === undefined
      ? atIngress ? TC_H_INGRESS : TC_H_ROOT
      : parseHandle("options.parent", parent, qdiscParents),
  };
}

/** Appends a class to add, to replace or to change. */
export function writeTrafficClass(writer: MessageWriter, options: unknown): void {
  checkKinded("options", options, classKinds, classNames);
  writeTrafficControlHeader(writer, classHeader(options));
  writeKinded(writer, options, "options", classAttributes, classKinds);
}

/** The header of a class. */
export function classHeader(
  { dev, classid, parent }: Members,
): Parameters<typeof writeTrafficControlHeader>[1] {
  const handle = parseHandle("options.classid", classid);
  return {
    dev: dev ?? null,
    option: "options.dev",
    handle,
    parent: parent === undefined
      ? (handle & MAJOR) >>> 0
      : parseHandle("options.parent", parent, classParents),
  };
}

/** Reads a qdisc from its header on. */
export function readQdisc(reader: MessageReader, start: number, end: number): Qdisc | undefined {
  if (end - start < TCMSG_LENGTH) return undefined;
  const members = readDevice(reader, start);
  members.handle = formatHandle(reader.u32(start + 8));
  members.parent = formatParent(reader.u32(start + 12), qdiscParents);
  members.refcnt = reader.u32(start + 16);
  return readKinded(reader, start, end, members, qdiscAttributes, qdiscKinds) as unknown as Qdisc;
}

/** Reads a class from its header on. */
export function readTrafficClass(
  reader: MessageReader,
  start: number,
  end: number,
): TrafficClass | undefined {
  if (end - start < TCMSG_LENGTH) return undefined;
  const members = readDevice(reader, start);
  members.classid = formatHandle(reader.u32(start + 8));
  members.parent = formatParent(reader.u32(start + 12), classParents);
  const leaf = reader.u32(start + 16);
  if (leaf !== 0) members.leaf = formatHandle(leaf);
  const read = readKinded(reader, start, end, members, classAttributes, classKinds);
  return read as unknown as TrafficClass;
}

function readKinded(
  reader: MessageReader,
  start: number,
  end: number,
  members: Members,
  table: AttributeTable,
  kinds: Kinds,
): Members {
  readAttributes(reader, start + TCMSG_LENGTH, end, table, members);
  kinds.get(members.kind as string)?.decode?.(members);
  return members;
}

/** Names the attribute of a message about a qdisc that is at an offset. */
export function qdiscAttributePath(message: MessageReader, offset: number): string | undefined {
  return pathIn(qdiscAttributes, message, offset);
}

/** Names the attribute of a message about a class that is at an offset. */
export function classAttributePath(message: MessageReader, offset: number): string | undefined {
  return pathIn(classAttributes, message, offset);
}

function pathIn(
  table: AttributeTable,
  message: MessageReader,
  offset: number,
): string | undefined {
  const start = NLMSG_HDRLEN + TCMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, table, offset);
}
