/**
 * veth(4): two links, each the other end of the other.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { VETH_INFO } from "../../constants/if_link_kinds.ts";
import { type Peer, peer } from "./peer.ts";

/** One end of a pair of virtual Ethernet links. */
export interface Veth {
  kind: "veth";
  /**
   * The other end, as it is to be made; without it the kernel names one. As it is read, its name;
   * left out where the other end is in another namespace.
   */
  peer?: Peer | undefined;
}

/** The options of the kind. */
export const veth: AttributeTable = attributeTable(VETH_INFO, {
  VETH_INFO_PEER: ["peer", peer],
});
