/**
 * ipvlan and ipvtap: links that share the address of the link below, and differ by IP address.
 *
 * @module
 */

import { type AttributeTable, attributeTable } from "../../codec/attribute_table.ts";
import { u16, words } from "../../codec/values.ts";
import { IFLA_IPVLAN } from "../../constants/if_link_kinds.ts";

/** The options that ipvlan and ipvtap share. */
export interface IpvlanOptions {
  /** Whether it switches (`l2`), routes (`l3`), or routes past netfilter of the host (`l3s`). */
  mode?: "l2" | "l3" | "l3s" | number | undefined;
  /** Whether links on the same link below reach each other: directly, not, by the switch outside. */
  modeFlag?: "bridge" | "private" | "vepa" | number | undefined;
}

/** A link with IP addresses of its own on the link that `link` names. */
export interface Ipvlan extends IpvlanOptions {
  kind: "ipvlan";
}

/** As {@linkcode Ipvlan}, for a program that reads and writes frames: /dev/tapN. */
export interface Ipvtap extends IpvlanOptions {
  kind: "ipvtap";
}

/** The options of both kinds. */
export const ipvlan: AttributeTable = attributeTable(IFLA_IPVLAN, {
  IFLA_IPVLAN_MODE: ["mode", words(u16, { l2: 0, l3: 1, l3s: 2 })],
  IFLA_IPVLAN_FLAGS: ["modeFlag", words(u16, { bridge: 0, private: 1, vepa: 2 })],
});
