/**
 * A bridge: a switch in software, with links as its ports.
 *
 * @module
 */

import { mac } from "../../codec/addresses.ts";
import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { boolean, u16, u32, u8 } from "../../codec/values.ts";
import { IFLA_BR } from "../../constants/if_link.ts";

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
  /** Its priority in the spanning tree. */
  priority?: number | undefined;
  /** Whether ports belong to VLANs. */
  vlanFiltering?: boolean | undefined;
}

/** The options of the kind. */
export const bridge: AttributeTable = attributeTable(IFLA_BR, {
  IFLA_BR_FORWARD_DELAY: ["forwardDelay", u32],
  IFLA_BR_HELLO_TIME: ["helloTime", u32],
  IFLA_BR_MAX_AGE: ["maxAge", u32],
  IFLA_BR_AGEING_TIME: ["ageingTime", u32],
  IFLA_BR_STP_STATE: ["stpState", boolean(u32)],
  IFLA_BR_PRIORITY: ["priority", u16],
  IFLA_BR_VLAN_FILTERING: ["vlanFiltering", boolean(u8)],
  IFLA_BR_GROUP_ADDR: ["groupAddress", mac],
});
