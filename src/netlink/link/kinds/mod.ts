/**
 * The kinds of links: their options, and those of their ports.
 *
 * @module
 */

import type { AttributeTable } from "../../codec/attribute_table.ts";
import { type Bond, bond } from "./bond.ts";
import { type BondPort, bondPort } from "./bond_port.ts";
import { type Bridge, bridge } from "./bridge.ts";
import { type BridgePort, bridgePort } from "./bridge_port.ts";
import { type Geneve, geneve } from "./geneve.ts";
import { type Gre, gre, type Gretap, type Ip6gre, ip6gre, type Ip6gretap } from "./gre.ts";
import { type Ip6tnl, ip6tnl, type Ipip, ipip, type Sit, sit } from "./iptunnel.ts";
import { type Ipvlan, ipvlan, type Ipvtap } from "./ipvlan.ts";
import { type Macvlan, macvlan, type Macvtap } from "./macvlan.ts";
import { type Netkit, netkit } from "./netkit.ts";
import type { Dummy, Ifb, Wireguard } from "./plain.ts";
import { type Tap, type Tun, tun } from "./tun.ts";
import { type Veth, veth } from "./veth.ts";
import { type Vlan, vlan } from "./vlan.ts";
import { type Vrf, vrf, type VrfPort, vrfPort } from "./vrf.ts";
import { type Vxlan, vxlan } from "./vxlan.ts";

/** The options of each kind; a kind that has none is not here. */
export const kindTables: ReadonlyMap<string, AttributeTable> = new Map(Object.entries({
  bond,
  bridge,
  geneve,
  gre,
  gretap: gre,
  ip6gre,
  ip6gretap: ip6gre,
  ip6tnl,
  ipip,
  ipvlan,
  ipvtap: ipvlan,
  macvlan,
  macvtap: macvlan,
  netkit,
  sit,
  tap: tun,
  tun,
  veth,
  vlan,
  vrf,
  vxlan,
}));

/** The options that a link has as a port of a master of this kind. */
export const portTables: ReadonlyMap<string, AttributeTable> = new Map(Object.entries({
  bond: bondPort,
  bridge: bridgePort,
  vrf: vrfPort,
}));

/** What makes a link of one kind, besides what all links have. */
export type LinkKind =
  | Bond
  | Bridge
  | Dummy
  | Geneve
  | Gre
  | Gretap
  | Ifb
  | Ip6gre
  | Ip6gretap
  | Ip6tnl
  | Ipip
  | Ipvlan
  | Ipvtap
  | Macvlan
  | Macvtap
  | Netkit
  | Sit
  | Tap
  | Tun
  | Veth
  | Vlan
  | Vrf
  | Vxlan
  | Wireguard;

/** What a link does as a port of a bridge, a bond or a vrf. */
export type LinkPort = BondPort | BridgePort | VrfPort;
