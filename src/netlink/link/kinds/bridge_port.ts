/**
 * A port of a bridge.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { boolean, link, u16, u32, u64, u8, words } from "../../codec/values.ts";
import { IFLA_BRPORT } from "../../constants/if_link_bridge.ts";
import { bridgeId } from "./bridge_id.ts";

/** What a link does as a port of a bridge. Times are in hundredths of a second. */
export interface BridgePort {
  kind: "bridge";
  /** Its state; the spanning tree protocol sets it where that is on. */
  state?: "disabled" | "listening" | "learning" | "forwarding" | "blocking" | number | undefined;
  /** Its priority in the spanning tree, 0 to 63. */
  priority?: number | undefined;
  /** The cost of its path in the spanning tree, 1 to 65535. */
  cost?: number | undefined;
  /** Whether frames may go back through the port that they came from. */
  hairpin?: boolean | undefined;
  /** Whether it is blocked once it receives spanning tree messages. */
  guard?: boolean | undefined;
  /** Whether it must not become the port to the root. */
  rootBlock?: boolean | undefined;
  /** Whether a group is dropped at once when a member leaves. */
  mcastFastLeave?: boolean | undefined;
  /** Whether addresses are learned from what it receives. */
  learning?: boolean | undefined;
  /** Whether frames to unknown addresses are sent through it. */
  flood?: boolean | undefined;
  /** Whether ARP requests are answered for other hosts. */
  proxyArp?: boolean | undefined;
  /** As `proxyArp`, by the rules of wireless networks. */
  proxyArpWifi?: boolean | undefined;
  /** Whether a multicast router is behind it: never, when one was seen, always, for a while. */
  mcastRouter?: 0 | 1 | 2 | 3 | number | undefined;
  /** Whether multicast to unknown groups is sent through it. */
  mcastFlood?: boolean | undefined;
  /** Whether broadcasts are sent through it. */
  bcastFlood?: boolean | undefined;
  /** Whether multicast is sent to each member by itself. */
  mcastToUnicast?: boolean | undefined;
  /** Whether VLANs are mapped to tunnels. */
  vlanTunnel?: boolean | undefined;
  /** Which link-local groups 01:80:c2:00:00:0X it forwards: bit X. */
  groupFwdMask?: number | undefined;
  /** Whether ARP and neighbour discovery are answered by the bridge where it knows the answer. */
  neighSuppress?: boolean | undefined;
  /** As `neighSuppress`, by VLAN. */
  neighVlanSuppress?: boolean | undefined;
  /** Whether it speaks only with ports that are not isolated. */
  isolated?: boolean | undefined;
  /** The port that takes over when it has no carrier, by name or index; null for none. */
  backupPort?: string | number | null | undefined;
  /** The nexthop for what the backup port sends through a tunnel; 0 for none. */
  backupNhid?: number | undefined;
  /** Whether only hosts in the forwarding database may send through it. */
  locked?: boolean | undefined;
  /** Whether hosts that a locked port turns away are noted. */
  mab?: boolean | undefined;
  /** How many hosts of one group are tracked at most. */
  mcastEhtHostsLimit?: number | undefined;
  /** In how many groups it may be; 0 for any number. */
  mcastMaxGroups?: number | undefined;
  /** How many hosts are tracked. Only told. */
  mcastEhtHostsCnt?: number | undefined;
  /** In how many groups it is. Only told. */
  mcastNGroups?: number | undefined;
  /** Its number and priority in the spanning tree. Only told. */
  id?: number | undefined;
  /** Its number. Only told. */
  no?: number | undefined;
  /** The root of the spanning tree. Only told. */
  rootId?: string | undefined;
  /** The bridge that is nearer to the root. Only told. */
  bridgeId?: string | undefined;
  /** The port of that bridge. Only told. */
  designatedPort?: number | undefined;
  /** The cost of the path from there. Only told. */
  designatedCost?: number | undefined;
  /** Whether a change of the tree is acknowledged. Only told. */
  topologyChangeAck?: boolean | undefined;
  /** Whether a message is to be sent. Only told. */
  configPending?: boolean | undefined;
  /** Until the last message is too old, in 1/100 s. Only told. */
  messageAgeTimer?: number | undefined;
  /** Until it forwards, in 1/100 s. Only told. */
  forwardDelayTimer?: number | undefined;
  /** Until the next message may be sent, in 1/100 s. Only told. */
  holdTimer?: number | undefined;
  /** Whether a media redundancy ring is open at it. Only told. */
  mrpRingOpen?: boolean | undefined;
  /** Whether a ring between rings is open at it. Only told. */
  mrpInOpen?: boolean | undefined;
}

const states = { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 } as const;
const switch8 = boolean(u8);

/** The options of a port. */
export const bridgePort: AttributeTable = attributeTable(IFLA_BRPORT, {
  IFLA_BRPORT_STATE: ["state", words(u8, states)],
  IFLA_BRPORT_PRIORITY: ["priority", u16],
  IFLA_BRPORT_COST: ["cost", u32],
  IFLA_BRPORT_MODE: ["hairpin", switch8],
  IFLA_BRPORT_GUARD: ["guard", switch8],
  IFLA_BRPORT_PROTECT: ["rootBlock", switch8],
  IFLA_BRPORT_FAST_LEAVE: ["mcastFastLeave", switch8],
  IFLA_BRPORT_LEARNING: ["learning", switch8],
  IFLA_BRPORT_UNICAST_FLOOD: ["flood", switch8],
  IFLA_BRPORT_PROXYARP: ["proxyArp", switch8],
  IFLA_BRPORT_PROXYARP_WIFI: ["proxyArpWifi", switch8],
  IFLA_BRPORT_MULTICAST_ROUTER: ["mcastRouter", u8],
  IFLA_BRPORT_MCAST_FLOOD: ["mcastFlood", switch8],
  IFLA_BRPORT_BCAST_FLOOD: ["bcastFlood", switch8],
  IFLA_BRPORT_MCAST_TO_UCAST: ["mcastToUnicast", switch8],
  IFLA_BRPORT_VLAN_TUNNEL: ["vlanTunnel", switch8],
  IFLA_BRPORT_GROUP_FWD_MASK: ["groupFwdMask", u16],
  IFLA_BRPORT_NEIGH_SUPPRESS: ["neighSuppress", switch8],
  IFLA_BRPORT_NEIGH_VLAN_SUPPRESS: ["neighVlanSuppress", switch8],
  IFLA_BRPORT_ISOLATED: ["isolated", switch8],
  IFLA_BRPORT_BACKUP_PORT: ["backupPort", link],
  IFLA_BRPORT_BACKUP_NHID: ["backupNhid", u32],
  IFLA_BRPORT_LOCKED: ["locked", switch8],
  IFLA_BRPORT_MAB: ["mab", switch8],
  IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT: ["mcastEhtHostsLimit", u32],
  IFLA_BRPORT_MCAST_MAX_GROUPS: ["mcastMaxGroups", u32],
  IFLA_BRPORT_MCAST_EHT_HOSTS_CNT: ["mcastEhtHostsCnt", u32, "read-only"],
  IFLA_BRPORT_MCAST_N_GROUPS: ["mcastNGroups", u32, "read-only"],
  IFLA_BRPORT_ID: ["id", u16, "read-only"],
  IFLA_BRPORT_NO: ["no", u16, "read-only"],
  IFLA_BRPORT_ROOT_ID: ["rootId", bridgeId, "read-only"],
  IFLA_BRPORT_BRIDGE_ID: ["bridgeId", bridgeId, "read-only"],
  IFLA_BRPORT_DESIGNATED_PORT: ["designatedPort", u16, "read-only"],
  IFLA_BRPORT_DESIGNATED_COST: ["designatedCost", u16, "read-only"],
  IFLA_BRPORT_TOPOLOGY_CHANGE_ACK: ["topologyChangeAck", switch8, "read-only"],
  IFLA_BRPORT_CONFIG_PENDING: ["configPending", switch8, "read-only"],
  IFLA_BRPORT_MESSAGE_AGE_TIMER: ["messageAgeTimer", u64, "read-only"],
  IFLA_BRPORT_FORWARD_DELAY_TIMER: ["forwardDelayTimer", u64, "read-only"],
  IFLA_BRPORT_HOLD_TIMER: ["holdTimer", u64, "read-only"],
  IFLA_BRPORT_MRP_RING_OPEN: ["mrpRingOpen", switch8, "read-only"],
  IFLA_BRPORT_MRP_IN_OPEN: ["mrpInOpen", switch8, "read-only"],
  IFLA_BRPORT_PAD: "redundant",
});
