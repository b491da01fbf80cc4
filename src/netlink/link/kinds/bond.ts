/**
 * A bond: several links as one.
 *
 * @module
 */

import { ipv4, ipv6, mac } from "../../codec/addresses.ts";
import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { list, nested } from "../../codec/nests.ts";
import { boolean, link, u16, u32, u8, words } from "../../codec/values.ts";
import { IFLA_BOND, IFLA_BOND_AD_INFO } from "../../constants/if_link_kinds.ts";

/** What 802.3ad has agreed on. */
export interface BondAdInfo {
  aggregator?: number;
  numPorts?: number;
  actorKey?: number;
  partnerKey?: number;
  partnerMac?: string;
}

/** A bond. Its ports are links with it as `master`, which must be down as they are added. */
export interface Bond {
  kind: "bond";
  /** How it uses its ports; can be changed while it has none. */
  mode?:
    | "balance-rr"
    | "active-backup"
    | "balance-xor"
    | "broadcast"
    | "802.3ad"
    | "balance-tlb"
    | "balance-alb"
    | number
    | undefined;
  /** The port in use, by name or index; null for none. */
  activeSlave?: string | number | null | undefined;
  /** How often carriers are looked at, in ms; 0 for never. */
  miimon?: number | undefined;
  /** How long a carrier must be there before the port is used, in ms. */
  updelay?: number | undefined;
  /** How long a carrier must be missing before the port is not used, in ms. */
  downdelay?: number | undefined;
  /** The time between notices to neighbours after a change, in ms. */
  peerNotifyDelay?: number | undefined;
  /** Whether the driver tells of the carrier; of no effect in today's kernels. */
  useCarrier?: boolean | undefined;
  /** How often ports are tried by ARP, in ms; 0 for never. */
  arpInterval?: number | undefined;
  /** The IPv4 addresses that are asked, at most 16. */
  arpIpTarget?: string[] | undefined;
  /** The IPv6 addresses that are asked, at most 16. */
  nsIp6Target?: string[] | undefined;
  /** Of which ports answers are checked, and whether other traffic counts as an answer. */
  arpValidate?:
    | "none"
    | "active"
    | "backup"
    | "all"
    | "filter"
    | "filter_active"
    | "filter_backup"
    | number
    | undefined;
  /** Whether one address must answer or all. */
  arpAllTargets?: "any" | "all" | number | undefined;
  /** How many answers may be missing. */
  arpMissedMax?: number | undefined;
  /** The port that is used whenever it can be, by name or index; null for none. */
  primary?: string | number | null | undefined;
  /** When it is taken again after it was missing. */
  primaryReselect?: "always" | "better" | "failure" | number | undefined;
  /** Whose link-layer address is used; can be changed while it has no ports. */
  failOverMac?: "none" | "active" | "follow" | number | undefined;
  /** What chooses the port of a packet. */
  xmitHashPolicy?:
    | "layer2"
    | "layer3+4"
    | "layer2+3"
    | "encap2+3"
    | "encap3+4"
    | "vlan+srcmac"
    | number
    | undefined;
  /** How often IGMP memberships are told again after a change. */
  resendIgmp?: number | undefined;
  /** How many notices neighbours get after a change. */
  numPeerNotif?: number | undefined;
  /** Whether frames that came in through other ports are taken. */
  allSlavesActive?: boolean | undefined;
  /** How many ports must work. */
  minLinks?: number | undefined;
  /** How often switches are told by learning packets, in seconds. */
  lpInterval?: number | undefined;
  /** After how many packets the next port follows, with balance-rr; 0 for at random. */
  packetsPerSlave?: number | undefined;
  /** Whether it begins to speak LACP, with 802.3ad. */
  adLacpActive?: boolean | undefined;
  /** How often the partner is to speak LACP, with 802.3ad. */
  adLacpRate?: "slow" | "fast" | number | undefined;
  /** What chooses among groups of ports, with 802.3ad. */
  adSelect?: "stable" | "bandwidth" | "count" | number | undefined;
  /** The priority of this system, with 802.3ad. */
  adActorSysPrio?: number | undefined;
  /** The upper bits of its port keys, with 802.3ad. */
  adUserPortKey?: number | undefined;
  /** The address of this system, with 802.3ad. */
  adActorSystem?: string | undefined;
  /** Whether ports are chosen by load, with balance-tlb. */
  tlbDynamicLb?: boolean | undefined;
  /** Whether receiving and sending are turned on together, with 802.3ad. */
  coupledControl?: boolean | undefined;
  /** Whether ARP and neighbour discovery go to all ports, with 802.3ad. */
  broadcastNeighbor?: boolean | undefined;
  /** What has been agreed on, with 802.3ad. Only told. */
  adInfo?: BondAdInfo | undefined;
}

/** `BOND_MODE_*`. */
const modes = {
  "balance-rr": 0,
  "active-backup": 1,
  "balance-xor": 2,
  "broadcast": 3,
  "802.3ad": 4,
  "balance-tlb": 5,
  "balance-alb": 6,
} as const;

const validation = {
  none: 0,
  active: 1,
  backup: 2,
  all: 3,
  filter: 4,
  filter_active: 5,
  filter_backup: 6,
} as const;

const hashPolicies = {
  "layer2": 0,
  "layer3+4": 1,
  "layer2+3": 2,
  "encap2+3": 3,
  "encap3+4": 4,
  "vlan+srcmac": 5,
} as const;

const adInfo = attributeTable(IFLA_BOND_AD_INFO, {
  IFLA_BOND_AD_INFO_AGGREGATOR: ["aggregator", u16],
  IFLA_BOND_AD_INFO_NUM_PORTS: ["numPorts", u16],
  IFLA_BOND_AD_INFO_ACTOR_KEY: ["actorKey", u16],
  IFLA_BOND_AD_INFO_PARTNER_KEY: ["partnerKey", u16],
  IFLA_BOND_AD_INFO_PARTNER_MAC: ["partnerMac", mac],
});

const switch8 = boolean(u8);

/** The options of the kind. */
export const bond: AttributeTable = attributeTable(IFLA_BOND, {
  IFLA_BOND_MODE: ["mode", words(u8, modes)],
  IFLA_BOND_ACTIVE_SLAVE: ["activeSlave", link],
  IFLA_BOND_MIIMON: ["miimon", u32],
  IFLA_BOND_UPDELAY: ["updelay", u32],
  IFLA_BOND_DOWNDELAY: ["downdelay", u32],
  IFLA_BOND_PEER_NOTIF_DELAY: ["peerNotifyDelay", u32],
  IFLA_BOND_USE_CARRIER: ["useCarrier", switch8],
  IFLA_BOND_ARP_INTERVAL: ["arpInterval", u32],
  IFLA_BOND_ARP_IP_TARGET: ["arpIpTarget", list(ipv4, undefined, 0)],
  IFLA_BOND_NS_IP6_TARGET: ["nsIp6Target", list(ipv6, undefined, 0)],
  IFLA_BOND_ARP_VALIDATE: ["arpValidate", words(u32, validation)],
  IFLA_BOND_ARP_ALL_TARGETS: ["arpAllTargets", words(u32, { any: 0, all: 1 })],
  IFLA_BOND_MISSED_MAX: ["arpMissedMax", u8],
  IFLA_BOND_PRIMARY: ["primary", link],
  IFLA_BOND_PRIMARY_RESELECT: ["primaryReselect", words(u8, { always: 0, better: 1, failure: 2 })],
  IFLA_BOND_FAIL_OVER_MAC: ["failOverMac", words(u8, { none: 0, active: 1, follow: 2 })],
  IFLA_BOND_XMIT_HASH_POLICY: ["xmitHashPolicy", words(u8, hashPolicies)],
  IFLA_BOND_RESEND_IGMP: ["resendIgmp", u32],
  IFLA_BOND_NUM_PEER_NOTIF: ["numPeerNotif", u8],
  IFLA_BOND_ALL_SLAVES_ACTIVE: ["allSlavesActive", switch8],
  IFLA_BOND_MIN_LINKS: ["minLinks", u32],
  IFLA_BOND_LP_INTERVAL: ["lpInterval", u32],
  IFLA_BOND_PACKETS_PER_SLAVE: ["packetsPerSlave", u32],
  IFLA_BOND_AD_LACP_ACTIVE: ["adLacpActive", switch8],
  IFLA_BOND_AD_LACP_RATE: ["adLacpRate", words(u8, { slow: 0, fast: 1 })],
  IFLA_BOND_AD_SELECT: ["adSelect", words(u8, { stable: 0, bandwidth: 1, count: 2 })],
  IFLA_BOND_AD_ACTOR_SYS_PRIO: ["adActorSysPrio", u16],
  IFLA_BOND_AD_USER_PORT_KEY: ["adUserPortKey", u16],
  IFLA_BOND_AD_ACTOR_SYSTEM: ["adActorSystem", mac],
  IFLA_BOND_TLB_DYNAMIC_LB: ["tlbDynamicLb", switch8],
  IFLA_BOND_COUPLED_CONTROL: ["coupledControl", switch8],
  IFLA_BOND_BROADCAST_NEIGH: ["broadcastNeighbor", switch8],
  IFLA_BOND_AD_INFO: ["adInfo", nested(adInfo), "read-only"],
});
