/**
 * The attributes that links of every kind have, and both ends of a veth.
 *
 * @module
 */

import { wrongType } from "../../check.ts";
import { ipLength } from "../../ip_address.ts";
import { mac } from "../codec/addresses.ts";
import { attributeTable, type Declaration, type Value } from "../codec/attribute_table.ts";
import { flat, list } from "../codec/nests.ts";
import {
  alternativeName,
  boolean,
  i32,
  link,
  linkName,
  lowerLink,
  namespace,
  struct,
  text,
  u16,
  u32,
  u8,
  words,
} from "../codec/values.ts";
import { IF_OPER } from "../constants/if.ts";
import { IFLA, IFLA_INET6 } from "../constants/if_link.ts";

/** `struct rtnl_link_stats64`. */
export const linkStats: Value = struct([
  ["rxPackets", "u64"],
  ["txPackets", "u64"],
  ["rxBytes", "u64"],
  ["txBytes", "u64"],
  ["rxErrors", "u64"],
  ["txErrors", "u64"],
  ["rxDropped", "u64"],
  ["txDropped", "u64"],
  ["multicast", "u64"],
  ["collisions", "u64"],
  ["rxLengthErrors", "u64"],
  ["rxOverErrors", "u64"],
  ["rxCrcErrors", "u64"],
  ["rxFrameErrors", "u64"],
  ["rxFifoErrors", "u64"],
  ["rxMissedErrors", "u64"],
  ["txAbortedErrors", "u64"],
  ["txCarrierErrors", "u64"],
  ["txFifoErrors", "u64"],
  ["txHeartbeatErrors", "u64"],
  ["txWindowErrors", "u64"],
  ["rxCompressed", "u64"],
  ["txCompressed", "u64"],
  ["rxNohandler", "u64"],
  ["rxOtherhostDropped", "u64"],
]);

const inet6 = attributeTable(IFLA_INET6, {
  IFLA_INET6_FLAGS: "redundant",
  IFLA_INET6_CONF: "redundant",
  IFLA_INET6_STATS: "redundant",
  IFLA_INET6_CACHEINFO: "redundant",
  IFLA_INET6_ICMP6STATS: "redundant",
  IFLA_INET6_TOKEN: "redundant",
  IFLA_INET6_RA_MTU: "redundant",
  IFLA_INET6_ADDR_GEN_MODE: [
    "addrGenMode",
    words(u8, { eui64: 0, none: 1, stableSecret: 2, random: 3 }),
  ],
});

/** Numbered by address family. */
const addressFamilies = attributeTable({ AF_INET: 2, AF_INET6: 10 }, {
  AF_INET: "redundant",
  AF_INET6: flat(inet6),
});

/** Kinds whose link-layer addresses are those of IP. */
const withIpAddress = new Set(["gre", "ip6gre", "ip6tnl", "ipip", "sit", "vti", "vti6"]);

/** A link-layer address. */
const linkAddress: Value = {
  ...mac,
  write(writer, value, option, members) {
    const { kind } = members;
    const isIp = typeof value === "string" && ipLength(value) !== undefined;
    if (isIp && kind !== undefined && !withIpAddress.has(kind as string)) {
      throw wrongType(option, 'a link-layer address like "02:00:00:00:00:01"', value);
    }
    mac.write(writer, value, option, members);
  },
};

/** They are set by messages of their own. */
const altnames: Value = {
  ...list(alternativeName, IFLA.IFLA_ALT_IFNAME),
  omits: () => true,
};

/** What a link can be given as it is made, also the other end of a pair. */
export const newLinkDeclarations: Readonly<Record<string, Declaration>> = {
  IFLA_IFNAME: ["name", linkName],
  IFLA_ADDRESS: ["mac", linkAddress],
  IFLA_MTU: ["mtu", u32],
  IFLA_TXQLEN: ["txqueuelen", u32],
  IFLA_GROUP: ["group", u32],
  IFLA_BROADCAST: ["broadcast", linkAddress],
  IFLA_NUM_TX_QUEUES: ["numTxQueues", u32],
  IFLA_NUM_RX_QUEUES: ["numRxQueues", u32],
  IFLA_GSO_MAX_SIZE: ["gsoMaxSize", u32],
  IFLA_GSO_MAX_SEGS: ["gsoMaxSegs", u32],
  IFLA_GRO_MAX_SIZE: ["groMaxSize", u32],
  IFLA_GSO_IPV4_MAX_SIZE: ["gsoIpv4MaxSize", u32],
  IFLA_GRO_IPV4_MAX_SIZE: ["groIpv4MaxSize", u32],
  IFLA_LINKMODE: ["linkMode", words(u8, { default: 0, dormant: 1, testing: 2 })],
  IFLA_NET_NS_FD: ["netns", namespace],
} satisfies { readonly [Header in keyof typeof IFLA]?: Declaration };

/** In the order in which they are written; what a kind adds comes after. */
export const commonDeclarations: Readonly<Record<string, Declaration>> = {
  ...newLinkDeclarations,
  IFLA_LINK: ["link", lowerLink],
  IFLA_MASTER: ["master", link],
  IFLA_IFALIAS: ["alias", text(255, false)],
  IFLA_PROTO_DOWN: ["protoDown", boolean(u8)],
  IFLA_AF_SPEC: flat(addressFamilies),
  IFLA_LINK_NETNSID: ["linkNetnsid", i32],
  IFLA_PROP_LIST: ["altnames", altnames],
  IFLA_OPERSTATE: ["operstate", words(u8, IF_OPER), "read-only"],
  IFLA_CARRIER: ["carrier", boolean(u8), "read-only"],
  IFLA_QDISC: ["qdisc", text(15), "read-only"],
  IFLA_STATS64: ["stats", linkStats, "read-only"],
  IFLA_PROMISCUITY: ["promiscuity", u32, "read-only"],
  IFLA_ALLMULTI: ["allmulti", u32, "read-only"],
  IFLA_CARRIER_CHANGES: ["carrierChanges", u32, "read-only"],
  IFLA_CARRIER_UP_COUNT: ["carrierUpCount", u32, "read-only"],
  IFLA_CARRIER_DOWN_COUNT: ["carrierDownCount", u32, "read-only"],
  IFLA_MIN_MTU: ["minMtu", u32, "read-only"],
  IFLA_MAX_MTU: ["maxMtu", u32, "read-only"],
  IFLA_TSO_MAX_SIZE: ["tsoMaxSize", u32, "read-only"],
  IFLA_TSO_MAX_SEGS: ["tsoMaxSegs", u32, "read-only"],
  IFLA_PERM_ADDRESS: ["permMac", mac, "read-only"],
  IFLA_PARENT_DEV_NAME: ["parentDev", text(255), "read-only"],
  IFLA_PARENT_DEV_BUS_NAME: ["parentBus", text(255), "read-only"],
  IFLA_PHYS_PORT_NAME: ["physPortName", text(255), "read-only"],
  IFLA_NUM_VF: ["numVf", u32, "read-only"],
  IFLA_HEADROOM: ["headroom", u16, "read-only"],
  IFLA_TAILROOM: ["tailroom", u16, "read-only"],
  IFLA_NETNS_IMMUTABLE: ["netnsImmutable", boolean(u8), "read-only"],
  IFLA_NEW_NETNSID: ["newNetnsid", i32, "read-only"],
  IFLA_NEW_IFINDEX: ["newIfindex", u32, "read-only"],
  IFLA_MAX_PACING_OFFLOAD_HORIZON: ["maxPacingOffloadHorizon", u32, "read-only"],
  IFLA_DEVLINK_PORT: "redundant",
  IFLA_DPLL_PIN: "redundant",
  IFLA_STATS: "redundant",
  IFLA_MAP: "redundant",
  IFLA_XDP: "redundant",
  IFLA_PAD: "redundant",
  IFLA_EVENT: "redundant",
  IFLA_PROTINFO: "redundant",
} satisfies { readonly [Header in keyof typeof IFLA]?: Declaration };
