/**
 * The names of the messages of rtnetlink(7), by their regular numbers.
 *
 * @module
 */

import {
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_SETLINK,
} from "./constants/rtnetlink.ts";

const verbs = ["NEW", "DEL", "GET", "SET"];

/** The objects of the messages from 16 on, four numbers each. */
const objects = [
  "LINK",
  "ADDR",
  "ROUTE",
  "NEIGH",
  "RULE",
  "QDISC",
  "TCLASS",
  "TFILTER",
  "ACTION",
  "PREFIX",
  "MULTICAST",
  "ANYCAST",
  "NEIGHTBL",
  "NDUSEROPT",
  "ADDRLABEL",
  "DCB",
  "NETCONF",
  "MDB",
  "NSID",
  "STATS",
  "CACHEREPORT",
  "CHAIN",
  "NEXTHOP",
  "LINKPROP",
  "VLAN",
  "NEXTHOPBUCKET",
  "TUNNEL",
];

/** The name of a message type: `RTM_NEWLINK` for 16. */
export function messageTypeName(type: number): string {
  const object = objects[(type >> 2) - 4];
  return object === undefined ? `message ${type}` : `RTM_${verbs[type & 3]}${object}`;
}

/** Whether messages of a type make, rename or delete links. */
export function changesLinks(type: number): boolean {
  return type === RTM_NEWLINK || type === RTM_DELLINK || type === RTM_SETLINK ||
    type === RTM_NEWLINKPROP || type === RTM_DELLINKPROP;
}
