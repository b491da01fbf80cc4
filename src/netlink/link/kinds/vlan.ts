/**
 * A VLAN: what is tagged with its number on the link below.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { maskedSwitches } from "../../codec/joints.ts";
import { list } from "../../codec/nests.ts";
import { struct, u16 } from "../../codec/values.ts";
import { IFLA_VLAN, VLAN_FLAG } from "../../constants/if_link_kinds.ts";
import { vlanProtocol } from "./bridge.ts";

/** From one priority to another: of frames (0 to 7) and of packets inside the host. */
export interface VlanQosMapping {
  from: number;
  to: number;
}

/** A VLAN on the link that `link` names. */
export interface Vlan {
  kind: "vlan";
  /** Its number, 0 to 4095. */
  id: number;
  /** The protocol of its tags; `802.1q` unless said otherwise. */
  protocol?: "802.1q" | "802.1ad" | number | undefined;
  /** Whether programs see frames without the tag; true unless said otherwise. */
  reorderHdr?: boolean | undefined;
  /** Whether switches are told by GVRP. */
  gvrp?: boolean | undefined;
  /** Whether switches are told by MVRP. */
  mvrp?: boolean | undefined;
  /** Whether its carrier is not bound to that of the link below. */
  looseBinding?: boolean | undefined;
  /** Whether its carrier follows the ports of the bridge below that are in the VLAN. */
  bridgeBinding?: boolean | undefined;
  /** Which priority received frames give to packets. Changes add to it. */
  ingressQosMap?: VlanQosMapping[] | undefined;
  /** Which priority packets give to sent frames. Changes add to it. */
  egressQosMap?: VlanQosMapping[] | undefined;
}

/** `IFLA_VLAN_QOS_MAPPING`. */
const qosMap = list(struct([["from", "u32"], ["to", "u32"]]), 1);

/** The options of the kind. */
export const vlan: AttributeTable = attributeTable(IFLA_VLAN, {
  IFLA_VLAN_ID: ["id", u16],
  IFLA_VLAN_PROTOCOL: ["protocol", vlanProtocol],
  IFLA_VLAN_FLAGS: maskedSwitches({
    reorderHdr: VLAN_FLAG.REORDER_HDR,
    gvrp: VLAN_FLAG.GVRP,
    looseBinding: VLAN_FLAG.LOOSE_BINDING,
    mvrp: VLAN_FLAG.MVRP,
    bridgeBinding: VLAN_FLAG.BRIDGE_BINDING,
  }),
  IFLA_VLAN_INGRESS_QOS: ["ingressQosMap", qosMap],
  IFLA_VLAN_EGRESS_QOS: ["egressQosMap", qosMap],
});
