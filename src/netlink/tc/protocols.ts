/**
 * Protocols by name, as tc(8) and ip(8) call them.
 *
 * @module
 */

import { wrongType } from "../../check.ts";

/** `ETH_P_*`. */
export const ETHERNET_PROTOCOLS = {
  all: 0x0003,
  ip: 0x0800,
  arp: 0x0806,
  "802.1q": 0x8100,
  ipv6: 0x86dd,
  mpls_uc: 0x8847,
  mpls_mc: 0x8848,
  ppp_ses: 0x8864,
  "802.1ad": 0x88a8,
  lldp: 0x88cc,
  macsec: 0x88e5,
  ptp: 0x88f7,
} as const;

/** `IPPROTO_*`. */
export const IP_PROTOCOLS = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  icmpv6: 58,
  ospf: 89,
  sctp: 132,
} as const;

/** A protocol of Ethernet by name or number. */
export type EthernetProtocol = keyof typeof ETHERNET_PROTOCOLS | number;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries<number>(ETHERNET_PROTOCOLS).map(([name, number]) => [number, name]),
);

/** The number of a protocol of Ethernet. */
export function parseEthernetProtocol(option: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff) {
    return value;
  }
  if (typeof value === "string" && Object.hasOwn(ETHERNET_PROTOCOLS, value)) {
    return ETHERNET_PROTOCOLS[value as keyof typeof ETHERNET_PROTOCOLS];
  }
  const known = Object.keys(ETHERNET_PROTOCOLS).map((name) => `"${name}"`).join(", ");
  throw wrongType(option, `one of ${known}, or a number up to 65535`, value);
}

/** The name of a protocol of Ethernet; its number where it has none here. */
export function formatEthernetProtocol(protocol: number): EthernetProtocol {
  return (names.get(protocol) ?? protocol) as EthernetProtocol;
}
