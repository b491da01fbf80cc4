/**
 * vrf: a routing table of its own for some links.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { u32 } from "../../codec/values.ts";
import { IFLA_VRF, IFLA_VRF_PORT } from "../../constants/if_link_kinds.ts";

/** A domain of routing. Its ports are links with it as `master`. */
export interface Vrf {
  kind: "vrf";
  /** The number of its routing table. */
  table: number;
}

/** A link in a vrf. */
export interface VrfPort {
  kind: "vrf";
  /** The number of the routing table. Only told. */
  table?: number | undefined;
}

/** The options of the kind. */
export const vrf: AttributeTable = attributeTable(IFLA_VRF, {
  IFLA_VRF_TABLE: ["table", u32],
});

/** The options of a port. */
export const vrfPort: AttributeTable = attributeTable(IFLA_VRF_PORT, {
  IFLA_VRF_PORT_TABLE: ["table", u32, "read-only"],
});
