/**
 * `struct tcmsg`, with which messages about qdiscs, classes and filters begin.
 *
 * @module
 */

import type { Declaration, Members } from "../codec/attribute_table.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { boolean, text, u32, u8, writeLink } from "../codec/values.ts";
import { trafficStats } from "./stats.ts";

/** The length of `struct tcmsg`. */
export const TCMSG_LENGTH = 20;

/** Where a message names its link. */
export const LINK_OFFSET: number = NLMSG_HDRLEN + 4;

/** What stands in `struct tcmsg`. */
export interface TrafficControlHeader {
  /** The link, by name or index. */
  readonly dev?: unknown;
  /** What named it. */
  readonly option: string;
  readonly handle?: number;
  readonly parent?: number;
  readonly info?: number;
}

/** Appends `struct tcmsg`. */
export function writeTrafficControlHeader(
  writer: MessageWriter,
  { dev, option, handle = 0, parent = 0, info = 0 }: TrafficControlHeader,
): void {
  writer.u32(0);
  if (dev === undefined) writer.u32(0);
  else writeLink(writer, dev, option);
  writer.u32(handle).u32(parent).u32(info);
}

/** Attributes that qdiscs, classes and filters have, before and after those of their kind. */
export const kindDeclaration: Declaration = ["kind", text(15)];

/** Attributes that the kernel tells of qdiscs and classes. */
export const stateDeclarations: Readonly<
  Record<"TCA_STATS2" | "TCA_STATS" | "TCA_XSTATS" | "TCA_HW_OFFLOAD", Declaration>
> = {
  TCA_STATS2: ["stats", trafficStats, "read-only"],
  TCA_STATS: "redundant",
  TCA_XSTATS: "redundant",
  TCA_HW_OFFLOAD: ["offloaded", boolean(u8), "read-only"],
};

/** Attributes of blocks of filters that links share. */
export const blockDeclarations: Readonly<
  Record<"TCA_INGRESS_BLOCK" | "TCA_EGRESS_BLOCK", Declaration>
> = {
  TCA_INGRESS_BLOCK: ["ingressBlock", u32],
  TCA_EGRESS_BLOCK: ["egressBlock", u32],
};

/** Begins an object with the link of a message. */
export function readDevice(reader: MessageReader, start: number): Members {
  return { dev: reader.linkName(reader.i32(start + 4)), kind: "" };
}
