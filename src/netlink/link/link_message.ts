/**
 * RTM_NEWLINK and its relatives: a link as bytes and as an object.
 *
 * @module
 */

import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { flat } from "../codec/nests.ts";
import { text } from "../codec/values.ts";
import { IFLA, IFLA_INFO } from "../constants/if_link.ts";
import { IFF_TAP } from "../constants/if_tun.ts";
import { IFINFOMSG_LENGTH } from "../constants/rtnetlink.ts";
import { commonDeclarations } from "./common_attributes.ts";
import { kindTables } from "./kinds/mod.ts";
import type { Link } from "./link.ts";
import { readLinkBody } from "./link_body.ts";
import { portData, portKind } from "./port_attributes.ts";

const withoutOptions: AttributeTable = attributeTable({}, {});

const linkInfo = attributeTable(IFLA_INFO, {
  IFLA_INFO_KIND: ["kind", text(255, false)],
  IFLA_INFO_DATA: flat(({ kind }) => kindTables.get(kind as string) ?? withoutOptions),
  IFLA_INFO_SLAVE_KIND: portKind,
  IFLA_INFO_SLAVE_DATA: portData,
  IFLA_INFO_XSTATS: "redundant",
});

/** The attributes of a link of any kind. */
export const linkAttributes: AttributeTable = attributeTable(IFLA, {
  ...commonDeclarations,
  IFLA_LINKINFO: flat(linkInfo),
});

/**
 * What kernels since 4.19 tell of every link. An object to which more members are added by computed
 * names than it began with, and more than a dozen, is large and slow.
 */
function emptyLink(): Members {
  return {
    index: 0,
    name: "",
    type: undefined,
    up: undefined,
    promisc: undefined,
    allmulticast: undefined,
    arp: undefined,
    multicast: undefined,
    dynamic: undefined,
    flags: undefined,
    mtu: undefined,
    minMtu: undefined,
    maxMtu: undefined,
    txqueuelen: undefined,
    operstate: undefined,
    carrier: undefined,
    carrierChanges: undefined,
    carrierUpCount: undefined,
    carrierDownCount: undefined,
    protoDown: undefined,
    linkMode: undefined,
    group: undefined,
    promiscuity: undefined,
    numTxQueues: undefined,
    numRxQueues: undefined,
    gsoMaxSize: undefined,
    gsoMaxSegs: undefined,
    qdisc: undefined,
    stats: undefined,
  };
}

const usualMembers: readonly string[] = Object.keys(emptyLink());

/** Reads a link from its header on. */
export function readLink(reader: MessageReader, start: number, end: number): Link | undefined {
  if (end - start < IFINFOMSG_LENGTH) return undefined;
  const members = emptyLink();
  readLinkBody(reader, start, end, linkAttributes, members);
  for (const name of usualMembers) if (members[name] === undefined) delete members[name];
  switch (members.kind) {
    case "tun":
      if (members.tunType === IFF_TAP) members.kind = "tap";
      delete members.tunType;
      break;
    case "veth":
    case "netkit":
      // The peer as it would have to be described to be made again.
      if (typeof members.link === "string") members.peer = { name: members.link };
  }
  return members as unknown as Link;
}

/** Names the attribute of a link message that is at an offset. */
export function linkAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + IFINFOMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, linkAttributes, offset);
}
