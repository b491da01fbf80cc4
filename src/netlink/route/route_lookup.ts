/**
 * What a routing decision is asked for: RTM_GETROUTE of one destination.
 *
 * @module
 */

import { checkBoolean, wrongType } from "../../check.ts";
import { ip } from "../codec/addresses.ts";
import { type AttributeTable, attributeTable } from "../codec/attribute_table.ts";
import { attributePath, writeAttribute, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import { be16, be32, link, u32, u8 } from "../codec/values.ts";
import { RTA, RTM_F } from "../constants/route.ts";
import { familyNumber, familyOfAddress } from "../family.ts";
import { type IpProtocol, ipProtocol } from "../ip_protocol.ts";
import { RTMSG_LENGTH } from "./route_message.ts";

/** What is known of the packets whose route is asked for. */
export interface RouteLookup {
  /** Their source. */
  from?: string | undefined;
  /** The link that they came in by, by name or index: the route of packets to be forwarded. */
  iif?: string | number | undefined;
  /** The link that they must go out by, by name or index. */
  oif?: string | number | undefined;
  /** Their mark. */
  mark?: number | undefined;
  /** The user that sends them. */
  uid?: number | undefined;
  /** Their type of service. */
  tos?: number | undefined;
  /** The protocol above IP. */
  ipproto?: IpProtocol | undefined;
  /** Their source port. */
  sport?: number | undefined;
  /** Their destination port. */
  dport?: number | undefined;
  /** Their flow label of IPv6. */
  flowlabel?: number | undefined;
  /** Whether the route of the table is told, not what was made of it for this destination. */
  fibmatch?: boolean | undefined;
}

const attributes: AttributeTable = attributeTable(RTA, {
  RTA_SRC: ["from", ip],
  RTA_IIF: ["iif", link],
  RTA_OIF: ["oif", link],
  RTA_MARK: ["mark", u32],
  RTA_UID: ["uid", u32],
  RTA_IP_PROTO: ["ipproto", ipProtocol],
  RTA_SPORT: ["sport", be16],
  RTA_DPORT: ["dport", be16],
  RTA_FLOWLABEL: ["flowlabel", be32],
});

/** Appends the question for a route to `dst`. */
export function writeRouteLookup(writer: MessageWriter, dst: unknown, options: unknown): void {
  const family = familyOfAddress(dst);
  if (family === undefined) throw wrongType("dst", "an IPv4 or IPv6 address", dst);
  checkMembers("options", options, attributes, ["tos", "fibmatch"]);
  checkBoolean("options.fibmatch", options.fibmatch);
  const bits = family === "inet" ? 32 : 128;
  if (options.from !== undefined && familyOfAddress(options.from) !== family) {
    throw wrongType("options.from", "an address of the same family as dst", options.from);
  }
  writer.u8(familyNumber(family)).u8(bits).u8(options.from === undefined ? 0 : bits);
  u8.write(writer, options.tos ?? 0, "options.tos", options);
  writer.u32(0).u32(RTM_F.LOOKUP_TABLE | (options.fibmatch === true ? RTM_F.FIB_MATCH : 0));
  writeAttribute(writer, RTA.RTA_DST, ip, dst, "dst");
  writeAttributes(writer, attributes, options, "options");
}

/** Names the attribute of the question that is at an offset. */
export function lookupAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + RTMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
