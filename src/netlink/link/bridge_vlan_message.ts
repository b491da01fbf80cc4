/**
 * The VLANs of a link in a dump of AF_BRIDGE.
 *
 * @module
 */

import {
  type AttributeTable,
  attributeTable,
  type Members,
  type Value,
} from "../codec/attribute_table.ts";
import { readAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { flat } from "../codec/nests.ts";
import { link, u32 } from "../codec/values.ts";
import { BRIDGE_VLAN_INFO, IFLA_BRIDGE } from "../constants/if_bridge.ts";
import { IFLA } from "../constants/if_link.ts";
import { IFINFOMSG_LENGTH } from "../constants/rtnetlink.ts";
import type { BridgeVlan } from "./bridge_vlan.ts";

/** Each attribute of this number adds to the list; `struct bridge_vlan_info`. */
const vlanInfo: Value = {
  write: () => {},
  read(reader, start, end, members) {
    if (end - start !== 4) return undefined;
    const vlans = (members.vlans ?? []) as (readonly [flags: number, vid: number])[];
    vlans.push([reader.u16(start), reader.u16(start + 2)]);
    return vlans;
  },
};

const bridge = attributeTable(IFLA_BRIDGE, {
  IFLA_BRIDGE_VLAN_INFO: ["vlans", vlanInfo],
});

const attributes: AttributeTable = attributeTable(IFLA, {
  IFLA_IFNAME: "redundant",
  IFLA_MASTER: ["master", { ...link, read: u32.read }],
  IFLA_AF_SPEC: flat(bridge),
});

/** Reads the VLANs of one link; undefined where it has none, or is another one than `wanted`. */
export function readBridgeVlans(
  reader: MessageReader,
  start: number,
  end: number,
  wanted: number | undefined,
): BridgeVlan[] | undefined {
  if (end - start < IFINFOMSG_LENGTH) return undefined;
  const index = reader.u32(start + 4);
  if (wanted !== undefined && index !== wanted) return undefined;
  const members: Members = {};
  readAttributes(reader, start + IFINFOMSG_LENGTH, end, attributes, members);
  const infos = members.vlans as (readonly [flags: number, vid: number])[] | undefined;
  if (infos === undefined) return undefined;
  // A bridge tells of itself without a master, or as its own.
  const isBridge = members.master === undefined || members.master === index;
  const dev = reader.linkName(index);
  const vlans: BridgeVlan[] = [];
  for (const [flags, vid] of infos) {
    const first = flags & BRIDGE_VLAN_INFO.RANGE_END ? vlans.at(-1) : undefined;
    if (first !== undefined) first.vidEnd = vid;
    else vlans.push(toVlan(dev, vid, flags, isBridge));
  }
  return vlans;
}

function toVlan(dev: string | number, vid: number, flags: number, self: boolean): BridgeVlan {
  const vlan: BridgeVlan = { dev, vid };
  if (flags & BRIDGE_VLAN_INFO.PVID) vlan.pvid = true;
  if (flags & BRIDGE_VLAN_INFO.UNTAGGED) vlan.untagged = true;
  if (self) vlan.self = true;
  return vlan;
}
