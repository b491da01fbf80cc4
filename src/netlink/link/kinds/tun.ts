/**
 * tun and tap: links whose other end is a program that reads and writes /dev/net/tun.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { boolean, u32, u8 } from "../../codec/values.ts";
import { IFLA_TUN } from "../../constants/if_link_kinds.ts";

/** The options that tun and tap share. They are set as the link is made. */
export interface TunOptions {
  /** The id of the user who may attach to it; anyone with CAP_NET_ADMIN unless said otherwise. */
  owner?: number | undefined;
  /** The id of the group whose members may attach to it. */
  ownerGroup?: number | undefined;
  /** Whether several descriptors may attach to it at once. */
  multiQueue?: boolean | undefined;
  /** Whether packets have a header with their protocol, `struct tun_pi`. */
  pi?: boolean | undefined;
  /** Whether packets have a header for offloads, `struct virtio_net_hdr`. */
  vnetHdr?: boolean | undefined;
  /** Whether it stays when no descriptor is attached; those that are added do. Only told. */
  persist?: boolean | undefined;
  /** How many descriptors are attached. Only told. */
  numQueues?: number | undefined;
  /** How many of them are switched off. Only told. */
  numDisabledQueues?: number | undefined;
}

/** A link whose other end is a program that reads and writes IP packets. */
export interface Tun extends TunOptions {
  kind: "tun";
}

/** A link whose other end is a program that reads and writes Ethernet frames. */
export interface Tap extends TunOptions {
  kind: "tap";
}

/** The options of both kinds. */
export const tun: AttributeTable = attributeTable(IFLA_TUN, {
  IFLA_TUN_OWNER: ["owner", u32],
  IFLA_TUN_GROUP: ["ownerGroup", u32],
  IFLA_TUN_TYPE: ["tunType", u8, "read-only"],
  IFLA_TUN_PI: ["pi", boolean(u8)],
  IFLA_TUN_VNET_HDR: ["vnetHdr", boolean(u8)],
  IFLA_TUN_PERSIST: ["persist", boolean(u8), "read-only"],
  IFLA_TUN_MULTI_QUEUE: ["multiQueue", boolean(u8)],
  IFLA_TUN_NUM_QUEUES: ["numQueues", u32, "read-only"],
  IFLA_TUN_NUM_DISABLED_QUEUES: ["numDisabledQueues", u32, "read-only"],
});
