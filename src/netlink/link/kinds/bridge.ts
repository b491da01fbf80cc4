/**
 * A bridge: a switch in software, with links as its ports.
 *
 * @module
 */

import { ipv4, ipv6, mac } from "../../codec/addresses.ts";
import { type AttributeTable, attributeTable, type Value } from "../../codec/attribute_table.ts";
import { maskedSwitches } from "../../codec/joints.ts";
import { nested } from "../../codec/nests.ts";
import { be16, boolean, link, u16, u32, u64, u8, words } from "../../codec/values.ts";
import { BRIDGE_QUERIER } from "../../constants/if_bridge.ts";
import { BR_BOOLOPT, IFLA_BR } from "../../constants/if_link_bridge.ts";
import { bridgeId } from "./bridge_id.ts";

/** Which host asks for multicast memberships, and through which port of the bridge. */
export interface BridgeQuerierState {
  ipv4?: string;
  /** The port, by name. */
  ipv4Port?: string | number;
  /** How long until another one may take over, in 1/100 s. */
  ipv4OtherTimer?: number;
  ipv6?: string;
  /** The port, by name. */
  ipv6Port?: string | number;
  /** How long until another one may take over, in 1/100 s. */
  ipv6OtherTimer?: number;
}

/** A bridge. Times are in hundredths of a second, as the kernel has them. */
export interface Bridge {
  kind: "bridge";
  /** How long a port listens and learns before it forwards, in 1/100 s. */
  forwardDelay?: number | undefined;
  /** How often the root says hello, in 1/100 s. */
  helloTime?: number | undefined;
  /** After what time a hello is too old, in 1/100 s. */
  maxAge?: number | undefined;
  /** How long a learned address is kept, in 1/100 s. */
  ageingTime?: number | undefined;
  /** Whether it takes part in the spanning tree protocol. */
  stpState?: boolean | undefined;
  /** Its priority in the spanning tree, 0 to 65535; the lowest becomes the root. */
  priority?: number | undefined;
  /** Whether ports belong to VLANs. */
  vlanFiltering?: boolean | undefined;
  /** The protocol of its VLAN tags. */
  vlanProtocol?: "802.1q" | "802.1ad" | number | undefined;
  /** The VLAN of untagged frames at new ports; 0 for none. */
  vlanDefaultPvid?: number | undefined;
  /** Whether it counts by VLAN. */
  vlanStatsEnabled?: boolean | undefined;
  /** Whether it counts by VLAN and port; can be changed while no port has a VLAN. */
  vlanStatsPerPort?: boolean | undefined;
  /** Which link-local groups 01:80:c2:00:00:0X it forwards: bit X. */
  groupFwdMask?: number | undefined;
  /** The group that it sends its spanning tree messages to: 01:80:c2:00:00:0X. */
  groupAddress?: string | undefined;
  /** Whether it sends multicast queries on to routers: never, when it saw one, always. */
  mcastRouter?: 0 | 1 | 2 | number | undefined;
  /** Whether it looks into IGMP and MLD to learn who wants which group. */
  mcastSnooping?: boolean | undefined;
  /** Whether its own address is the source of its queries. */
  mcastQueryUseIfaddr?: boolean | undefined;
  /** Whether it asks for memberships itself. */
  mcastQuerier?: boolean | undefined;
  /** Of no effect in today's kernels. */
  mcastHashElasticity?: number | undefined;
  /** How many groups it knows at most. */
  mcastHashMax?: number | undefined;
  /** How often it asks before it believes that the last member has left. */
  mcastLastMemberCount?: number | undefined;
  /** How often it asks when it starts. */
  mcastStartupQueryCount?: number | undefined;
  /** The time between those questions after a member has left, in 1/100 s. */
  mcastLastMemberInterval?: number | undefined;
  /** How long a membership lasts, in 1/100 s. */
  mcastMembershipInterval?: number | undefined;
  /** After what time another querier is believed to be gone, in 1/100 s. */
  mcastQuerierInterval?: number | undefined;
  /** The time between general queries, in 1/100 s. */
  mcastQueryInterval?: number | undefined;
  /** The time that hosts have to answer, in 1/100 s. */
  mcastQueryResponseInterval?: number | undefined;
  /** The time between the first queries, in 1/100 s. */
  mcastStartupQueryInterval?: number | undefined;
  /** Whether it counts IGMP and MLD messages. */
  mcastStatsEnabled?: boolean | undefined;
  /** The version of IGMP, 2 or 3. */
  mcastIgmpVersion?: number | undefined;
  /** The version of MLD, 1 or 2. */
  mcastMldVersion?: number | undefined;
  /** Whether iptables sees what it forwards. */
  nfCallIptables?: boolean | undefined;
  /** Whether ip6tables sees what it forwards. */
  nfCallIp6tables?: boolean | undefined;
  /** Whether arptables sees what it forwards. */
  nfCallArptables?: boolean | undefined;
  /** Whether it learns nothing from link-local frames. */
  noLinklocalLearn?: boolean | undefined;
  /** Whether multicast snooping is by VLAN. */
  mcastVlanSnooping?: boolean | undefined;
  /** Whether it has several spanning trees; can be changed while no port has a VLAN. */
  mstEnabled?: boolean | undefined;
  /** Whether it tells of groups that hardware did not take. */
  mdbOffloadFailNotification?: boolean | undefined;
  /** Whether the addresses of its ports are in VLAN 0 only. */
  fdbLocalVlan0?: boolean | undefined;
  /** How many addresses it learns at most; 0 for any number. */
  fdbMaxLearned?: number | undefined;
  /** How many addresses it has learned. Only told. */
  fdbNLearned?: number | undefined;
  /** The root of the spanning tree: `8000.02:00:00:00:00:01`. Only told. */
  rootId?: string | undefined;
  /** Itself in the spanning tree. Only told. */
  bridgeId?: string | undefined;
  /** The number of the port to the root. Only told. */
  rootPort?: number | undefined;
  /** The cost of the path to the root. Only told. */
  rootPathCost?: number | undefined;
  /** Whether the tree is changing. Only told. */
  topologyChange?: boolean | undefined;
  /** Whether it has noticed a change of the tree. Only told. */
  topologyChangeDetected?: boolean | undefined;
  /** Until the next hello, in 1/100 s. Only told. */
  helloTimer?: number | undefined;
  /** Until the next notice of a change, in 1/100 s. Only told. */
  tcnTimer?: number | undefined;
  /** Until the change is over, in 1/100 s. Only told. */
  topologyChangeTimer?: number | undefined;
  /** Until old addresses are dropped, in 1/100 s. Only told. */
  gcTimer?: number | undefined;
  /** Who asks for multicast memberships. Only told. */
  mcastQuerierState?: BridgeQuerierState | undefined;
}

/** The protocols of VLAN tags: `ETH_P_8021Q`, `ETH_P_8021AD`. */
export const vlanProtocol: Value = words(be16, { "802.1q": 0x8100, "802.1ad": 0x88a8 });

const querierState = attributeTable(BRIDGE_QUERIER, {
  BRIDGE_QUERIER_IP_ADDRESS: ["ipv4", ipv4],
  BRIDGE_QUERIER_IP_PORT: ["ipv4Port", link],
  BRIDGE_QUERIER_IP_OTHER_TIMER: ["ipv4OtherTimer", u64],
  BRIDGE_QUERIER_PAD: "redundant",
  BRIDGE_QUERIER_IPV6_ADDRESS: ["ipv6", ipv6],
  BRIDGE_QUERIER_IPV6_PORT: ["ipv6Port", link],
  BRIDGE_QUERIER_IPV6_OTHER_TIMER: ["ipv6OtherTimer", u64],
});

const switch8 = boolean(u8);

/** The options of the kind. */
export const bridge: AttributeTable = attributeTable(IFLA_BR, {
  IFLA_BR_FORWARD_DELAY: ["forwardDelay", u32],
  IFLA_BR_HELLO_TIME: ["helloTime", u32],
  IFLA_BR_MAX_AGE: ["maxAge", u32],
  IFLA_BR_AGEING_TIME: ["ageingTime", u32],
  IFLA_BR_VLAN_FILTERING: ["vlanFiltering", switch8],
  IFLA_BR_STP_STATE: ["stpState", boolean(u32)],
  IFLA_BR_PRIORITY: ["priority", u16],
  IFLA_BR_VLAN_PROTOCOL: ["vlanProtocol", vlanProtocol],
  IFLA_BR_GROUP_FWD_MASK: ["groupFwdMask", u16],
  IFLA_BR_GROUP_ADDR: ["groupAddress", mac],
  IFLA_BR_MCAST_ROUTER: ["mcastRouter", u8],
  IFLA_BR_MCAST_SNOOPING: ["mcastSnooping", switch8],
  IFLA_BR_MCAST_QUERY_USE_IFADDR: ["mcastQueryUseIfaddr", switch8],
  IFLA_BR_MCAST_QUERIER: ["mcastQuerier", switch8],
  IFLA_BR_MCAST_HASH_ELASTICITY: ["mcastHashElasticity", u32],
  IFLA_BR_MCAST_HASH_MAX: ["mcastHashMax", u32],
  IFLA_BR_MCAST_LAST_MEMBER_CNT: ["mcastLastMemberCount", u32],
  IFLA_BR_MCAST_STARTUP_QUERY_CNT: ["mcastStartupQueryCount", u32],
  IFLA_BR_MCAST_LAST_MEMBER_INTVL: ["mcastLastMemberInterval", u64],
  IFLA_BR_MCAST_MEMBERSHIP_INTVL: ["mcastMembershipInterval", u64],
  IFLA_BR_MCAST_QUERIER_INTVL: ["mcastQuerierInterval", u64],
  IFLA_BR_MCAST_QUERY_INTVL: ["mcastQueryInterval", u64],
  IFLA_BR_MCAST_QUERY_RESPONSE_INTVL: ["mcastQueryResponseInterval", u64],
  IFLA_BR_MCAST_STARTUP_QUERY_INTVL: ["mcastStartupQueryInterval", u64],
  IFLA_BR_MCAST_STATS_ENABLED: ["mcastStatsEnabled", switch8],
  IFLA_BR_MCAST_IGMP_VERSION: ["mcastIgmpVersion", u8],
  IFLA_BR_MCAST_MLD_VERSION: ["mcastMldVersion", u8],
  IFLA_BR_NF_CALL_IPTABLES: ["nfCallIptables", switch8],
  IFLA_BR_NF_CALL_IP6TABLES: ["nfCallIp6tables", switch8],
  IFLA_BR_NF_CALL_ARPTABLES: ["nfCallArptables", switch8],
  IFLA_BR_VLAN_DEFAULT_PVID: ["vlanDefaultPvid", u16],
  IFLA_BR_VLAN_STATS_ENABLED: ["vlanStatsEnabled", switch8],
  IFLA_BR_VLAN_STATS_PER_PORT: ["vlanStatsPerPort", switch8],
  IFLA_BR_MULTI_BOOLOPT: maskedSwitches({
    noLinklocalLearn: BR_BOOLOPT.NO_LL_LEARN,
    mcastVlanSnooping: BR_BOOLOPT.MCAST_VLAN_SNOOPING,
    mstEnabled: BR_BOOLOPT.MST_ENABLE,
    mdbOffloadFailNotification: BR_BOOLOPT.MDB_OFFLOAD_FAIL_NOTIFICATION,
    fdbLocalVlan0: BR_BOOLOPT.FDB_LOCAL_VLAN_0,
  }),
  IFLA_BR_FDB_MAX_LEARNED: ["fdbMaxLearned", u32],
  IFLA_BR_FDB_N_LEARNED: ["fdbNLearned", u32, "read-only"],
  IFLA_BR_ROOT_ID: ["rootId", bridgeId, "read-only"],
  IFLA_BR_BRIDGE_ID: ["bridgeId", bridgeId, "read-only"],
  IFLA_BR_ROOT_PORT: ["rootPort", u16, "read-only"],
  IFLA_BR_ROOT_PATH_COST: ["rootPathCost", u32, "read-only"],
  IFLA_BR_TOPOLOGY_CHANGE: ["topologyChange", switch8, "read-only"],
  IFLA_BR_TOPOLOGY_CHANGE_DETECTED: ["topologyChangeDetected", switch8, "read-only"],
  IFLA_BR_HELLO_TIMER: ["helloTimer", u64, "read-only"],
  IFLA_BR_TCN_TIMER: ["tcnTimer", u64, "read-only"],
  IFLA_BR_TOPOLOGY_CHANGE_TIMER: ["topologyChangeTimer", u64, "read-only"],
  IFLA_BR_GC_TIMER: ["gcTimer", u64, "read-only"],
  IFLA_BR_MCAST_QUERIER_STATE: ["mcastQuerierState", nested(querierState), "read-only"],
  IFLA_BR_PAD: "redundant",
});
