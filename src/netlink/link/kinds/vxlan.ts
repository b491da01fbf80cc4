/**
 * vxlan: Ethernet in UDP, RFC 7348.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { inherited, ipOf, unlessInherited } from "../../codec/joints.ts";
import {
  be16,
  be32,
  binary,
  boolean,
  flag,
  link,
  struct,
  u32,
  u8,
  words,
} from "../../codec/values.ts";
import { IFLA_VXLAN } from "../../constants/if_link_kinds.ts";

/** Ethernet in UDP. */
export interface Vxlan {
  kind: "vxlan";
  /** The number of the network, 0 to 16777215. Needed unless `external`. */
  id?: number | undefined;
  /** The address of the other end, or a multicast group, which needs `dev`. */
  remote?: string | undefined;
  /** The address that it sends from. */
  local?: string | undefined;
  /** The link that it sends through, by name or index; null for any. */
  dev?: string | number | null | undefined;
  /** The UDP port of the other end; 8472 unless said otherwise, 4789 by the RFC. */
  dstport?: number | undefined;
  /** The UDP ports that it sends from. */
  srcport?: { low: number; high: number } | undefined;
  /** The time to live of its packets: 0 for the default; `inherit` for that of the packet inside. */
  ttl?: number | "inherit" | undefined;
  /** The type of service of its packets; `inherit` for that of the packet inside. */
  tos?: number | "inherit" | undefined;
  /** Whether its packets may be fragmented. */
  df?: "unset" | "set" | "inherit" | number | undefined;
  /** The flow label of its IPv6 packets. */
  flowlabel?: number | undefined;
  /** Where the flow label is from. */
  flowlabelPolicy?: "fixed" | "inherit" | number | undefined;
  /** Whether it learns where addresses are; true unless said otherwise. */
  learning?: boolean | undefined;
  /** How long a learned address is kept, in seconds. */
  ageing?: number | undefined;
  /** How many addresses it learns at most; 0 for any number. */
  maxaddress?: number | undefined;
  /** Whether it answers ARP. */
  proxy?: boolean | undefined;
  /** Whether it routes instead of switching where it can. */
  rsc?: boolean | undefined;
  /** Whether unknown link-layer addresses are told to monitors. */
  l2miss?: boolean | undefined;
  /** Whether unknown IP addresses are told to monitors. */
  l3miss?: boolean | undefined;
  /** Whether packets over IPv4 have a UDP checksum. */
  udpcsum?: boolean | undefined;
  /** Whether packets over IPv6 are sent without a UDP checksum. */
  udp6zerocsumtx?: boolean | undefined;
  /** Whether packets over IPv6 are taken without a UDP checksum. */
  udp6zerocsumrx?: boolean | undefined;
  /** Whether checksums are left to the other end. */
  remcsumtx?: boolean | undefined;
  /** Whether checksums that were left to this end are made. */
  remcsumrx?: boolean | undefined;
  /** Whether packets to an own address are handed over directly. */
  localbypass?: boolean | undefined;
  /** Whether each packet says where to; for routes, flower and eBPF. */
  external?: boolean | undefined;
  /** Whether numbers of the network are filtered by RTM_NEWTUNNEL; with `external`. */
  vnifilter?: boolean | undefined;
  /** Whether packets carry a group policy. */
  gbp?: boolean | undefined;
  /** Whether the header says which protocol is inside. */
  gpe?: boolean | undefined;
  /** Whether multicast is routed by the host. */
  mcRoute?: boolean | undefined;
  /** Which bits of the header must be 0 in packets that it takes, as 8 bytes. Only told. */
  reservedBits?: Uint8Array | undefined;
}

const switch8 = boolean(u8);

/** The options of the kind. */
export const vxlan: AttributeTable = attributeTable(IFLA_VXLAN, {
  IFLA_VXLAN_ID: ["id", u32],
  IFLA_VXLAN_GROUP: ipOf("remote", 4),
  IFLA_VXLAN_GROUP6: ipOf("remote", 6),
  IFLA_VXLAN_LOCAL: ipOf("local", 4),
  IFLA_VXLAN_LOCAL6: ipOf("local", 6),
  IFLA_VXLAN_LINK: ["dev", link],
  IFLA_VXLAN_TTL: unlessInherited("ttl", u8),
  IFLA_VXLAN_TTL_INHERIT: inherited("ttl", true),
  IFLA_VXLAN_TOS: ["tos", words(u8, { inherit: 1 })],
  IFLA_VXLAN_DF: ["df", words(u8, { unset: 0, set: 1, inherit: 2 })],
  IFLA_VXLAN_LABEL: ["flowlabel", be32],
  IFLA_VXLAN_LABEL_POLICY: ["flowlabelPolicy", words(u32, { fixed: 0, inherit: 1 })],
  IFLA_VXLAN_LEARNING: ["learning", switch8],
  IFLA_VXLAN_AGEING: ["ageing", u32],
  IFLA_VXLAN_LIMIT: ["maxaddress", u32],
  IFLA_VXLAN_PORT_RANGE: ["srcport", struct([["low", "be16"], ["high", "be16"]])],
  IFLA_VXLAN_PORT: ["dstport", be16],
  IFLA_VXLAN_PROXY: ["proxy", switch8],
  IFLA_VXLAN_RSC: ["rsc", switch8],
  IFLA_VXLAN_L2MISS: ["l2miss", switch8],
  IFLA_VXLAN_L3MISS: ["l3miss", switch8],
  IFLA_VXLAN_UDP_CSUM: ["udpcsum", switch8],
  IFLA_VXLAN_UDP_ZERO_CSUM6_TX: ["udp6zerocsumtx", switch8],
  IFLA_VXLAN_UDP_ZERO_CSUM6_RX: ["udp6zerocsumrx", switch8],
  IFLA_VXLAN_REMCSUM_TX: ["remcsumtx", switch8],
  IFLA_VXLAN_REMCSUM_RX: ["remcsumrx", switch8],
  IFLA_VXLAN_LOCALBYPASS: ["localbypass", switch8],
  IFLA_VXLAN_COLLECT_METADATA: ["external", switch8],
  IFLA_VXLAN_VNIFILTER: ["vnifilter", switch8],
  IFLA_VXLAN_GBP: ["gbp", flag],
  IFLA_VXLAN_GPE: ["gpe", flag],
  IFLA_VXLAN_MC_ROUTE: ["mcRoute", switch8],
  IFLA_VXLAN_RESERVED_BITS: ["reservedBits", binary, "read-only"],
});
