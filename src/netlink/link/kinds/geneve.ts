/**
 * geneve: Ethernet in UDP, RFC 8926.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { inherited, ipOf, unlessInherited } from "../../codec/joints.ts";
import { be16, be32, boolean, flag, struct, u32, u8, words } from "../../codec/values.ts";
import { IFLA_GENEVE } from "../../constants/if_link_kinds.ts";

/** Ethernet in UDP. */
export interface Geneve {
  kind: "geneve";
  /** The number of the network, 0 to 16777215. Needed unless `external`. */
  id?: number | undefined;
  /** The address of the other end. Needed unless `external`. */
  remote?: string | undefined;
  /** The UDP port of the other end; 6081 unless said otherwise. */
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
  /** Whether packets over IPv4 have a UDP checksum. */
  udpcsum?: boolean | undefined;
  /** Whether packets over IPv6 are sent without a UDP checksum. */
  udp6zerocsumtx?: boolean | undefined;
  /** Whether packets over IPv6 are taken without a UDP checksum. */
  udp6zerocsumrx?: boolean | undefined;
  /** Whether each packet says where to; for routes, flower and eBPF. */
  external?: boolean | undefined;
  /** Whether IP packets travel without an Ethernet header. */
  innerprotoinherit?: boolean | undefined;
}

const switch8 = boolean(u8);

/** The options of the kind. */
export const geneve: AttributeTable = attributeTable(IFLA_GENEVE, {
  IFLA_GENEVE_ID: ["id", u32],
  IFLA_GENEVE_REMOTE: ipOf("remote", 4),
  IFLA_GENEVE_REMOTE6: ipOf("remote", 6),
  IFLA_GENEVE_LABEL: ["flowlabel", be32],
  IFLA_GENEVE_TTL: unlessInherited("ttl", u8),
  IFLA_GENEVE_TTL_INHERIT: inherited("ttl", false),
  IFLA_GENEVE_TOS: ["tos", words(u8, { inherit: 1 })],
  IFLA_GENEVE_DF: ["df", words(u8, { unset: 0, set: 1, inherit: 2 })],
  IFLA_GENEVE_PORT: ["dstport", be16],
  IFLA_GENEVE_PORT_RANGE: ["srcport", struct([["low", "be16"], ["high", "be16"]])],
  IFLA_GENEVE_COLLECT_METADATA: ["external", flag],
  IFLA_GENEVE_UDP_CSUM: ["udpcsum", switch8],
  IFLA_GENEVE_UDP_ZERO_CSUM6_TX: ["udp6zerocsumtx", switch8],
  IFLA_GENEVE_UDP_ZERO_CSUM6_RX: ["udp6zerocsumrx", switch8],
  IFLA_GENEVE_INNER_PROTO_INHERIT: ["innerprotoinherit", flag],
});
