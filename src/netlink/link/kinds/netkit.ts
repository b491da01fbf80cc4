/**
 * netkit: two links, each the other end of the other, with eBPF programs between them.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { boolean, u32, u8, words } from "../../codec/values.ts";
import { IFLA_NETKIT } from "../../constants/if_link_kinds.ts";
import { type Peer, peer } from "./peer.ts";

/** One end of a pair of netkit links. */
export interface Netkit {
  kind: "netkit";
  /**
   * The other end, as it is to be made; without it the kernel names one. As it is read, its name;
   * left out where the other end is in another namespace.
   */
  peer?: Peer | undefined;
  /** Whether it has link-layer addresses; `l3`, without them, unless said otherwise. */
  mode?: "l2" | "l3" | number | undefined;
  /** What happens to packets of this end while no program is attached. */
  policy?: "forward" | "blackhole" | number | undefined;
  /** What happens to packets of the other end. */
  peerPolicy?: "forward" | "blackhole" | number | undefined;
  /** Whether mark and priority of packets are cleared as they leave this end. */
  scrub?: "none" | "default" | number | undefined;
  /** Whether they are cleared as they leave the other end. */
  peerScrub?: "none" | "default" | number | undefined;
  /** Whether this end is the one that was added, and may be changed. Only told. */
  primary?: boolean | undefined;
}

/** `NETKIT_PASS`, `NETKIT_DROP`. */
const policies = words(u32, { forward: 0, blackhole: 2 });
const scrubs = words(u32, { none: 0, default: 1 });

/** The options of the kind. */
export const netkit: AttributeTable = attributeTable(IFLA_NETKIT, {
  IFLA_NETKIT_MODE: ["mode", words(u32, { l2: 0, l3: 1 })],
  IFLA_NETKIT_POLICY: ["policy", policies],
  IFLA_NETKIT_PEER_POLICY: ["peerPolicy", policies],
  IFLA_NETKIT_SCRUB: ["scrub", scrubs],
  IFLA_NETKIT_PEER_SCRUB: ["peerScrub", scrubs],
  IFLA_NETKIT_PEER_INFO: ["peer", peer],
  IFLA_NETKIT_PRIMARY: ["primary", boolean(u8), "read-only"],
});
