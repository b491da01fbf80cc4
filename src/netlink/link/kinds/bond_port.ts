/**
 * A port of a bond.
 *
 * @module
 */

import { mac } from "../../codec/addresses.ts";
import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { i32, u16, u32, u8, words } from "../../codec/values.ts";
import { IFLA_BOND_SLAVE } from "../../constants/if_link_kinds.ts";

/** What a link does as a port of a bond. */
export interface BondPort {
  kind: "bond";
  /** The queue that it sends through. */
  queueId?: number | undefined;
  /** The highest becomes the active port. */
  prio?: number | undefined;
  /** The priority of the port, with 802.3ad. */
  actorPortPrio?: number | undefined;
  /** Whether it is in use. Only told. */
  state?: "ACTIVE" | "BACKUP" | number | undefined;
  /** Whether it has a carrier. Only told. */
  miiStatus?: "UP" | "GOING_DOWN" | "DOWN" | "GOING_BACK" | number | undefined;
  /** How often it failed. Only told. */
  linkFailureCount?: number | undefined;
  /** Its link-layer address before it became a port. Only told. */
  permHwaddr?: string | undefined;
  /** The group of ports that it is in, with 802.3ad. Only told. */
  adAggregatorId?: number | undefined;
  /** Its state, with 802.3ad. Only told. */
  adActorOperPortState?: number | undefined;
  /** The state of its partner, with 802.3ad. Only told. */
  adPartnerOperPortState?: number | undefined;
  /** Whether it changes all the time, with 802.3ad. Only told. */
  adChurnActorState?: number | undefined;
  /** Whether its partner changes all the time, with 802.3ad. Only told. */
  adChurnPartnerState?: number | undefined;
}

/** `BOND_LINK_*`. */
const linkStates = { UP: 0, GOING_DOWN: 1, DOWN: 2, GOING_BACK: 3 } as const;

/** The options of a port. */
export const bondPort: AttributeTable = attributeTable(IFLA_BOND_SLAVE, {
  IFLA_BOND_SLAVE_QUEUE_ID: ["queueId", u16],
  IFLA_BOND_SLAVE_PRIO: ["prio", i32],
  IFLA_BOND_SLAVE_ACTOR_PORT_PRIO: ["actorPortPrio", u16],
  IFLA_BOND_SLAVE_STATE: ["state", words(u8, { ACTIVE: 0, BACKUP: 1 }), "read-only"],
  IFLA_BOND_SLAVE_MII_STATUS: ["miiStatus", words(u8, linkStates), "read-only"],
  IFLA_BOND_SLAVE_LINK_FAILURE_COUNT: ["linkFailureCount", u32, "read-only"],
  IFLA_BOND_SLAVE_PERM_HWADDR: ["permHwaddr", mac, "read-only"],
  IFLA_BOND_SLAVE_AD_AGGREGATOR_ID: ["adAggregatorId", u16, "read-only"],
  IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE: ["adActorOperPortState", u8, "read-only"],
  IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE: ["adPartnerOperPortState", u16, "read-only"],
  IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE: ["adChurnActorState", u8, "read-only"],
  IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE: ["adChurnPartnerState", u8, "read-only"],
});
