/**
 * What can be monitored, and by which multicast groups.
 *
 * @module
 */

import {
  RTNLGRP_IPV4_IFADDR,
  RTNLGRP_IPV4_ROUTE,
  RTNLGRP_IPV4_RULE,
  RTNLGRP_IPV6_IFADDR,
  RTNLGRP_IPV6_ROUTE,
  RTNLGRP_IPV6_RULE,
  RTNLGRP_LINK,
  RTNLGRP_NEIGH,
  RTNLGRP_NSID,
  RTNLGRP_TC,
} from "../constants/multicast_groups.ts";
import type { MonitorGroup } from "./monitor_event.ts";

/** The numbers (`RTNLGRP_*`) of the multicast groups that tell of a kind of object. */
const multicastGroups: Readonly<Record<MonitorGroup, readonly number[]>> = {
  link: [RTNLGRP_LINK],
  addr: [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR],
  route: [RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE],
  rule: [RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE],
  neigh: [RTNLGRP_NEIGH],
  fdb: [RTNLGRP_NEIGH],
  qdisc: [RTNLGRP_TC],
  class: [RTNLGRP_TC],
  filter: [RTNLGRP_TC],
  nsid: [RTNLGRP_NSID],
};

/** The words for all kinds. */
export const monitorGroups: readonly MonitorGroup[] = Object.keys(
  multicastGroups,
) as MonitorGroup[];

/** The groups as `nl_groups` of netlink(7) has them. */
export function multicastMask(groups: readonly MonitorGroup[]): number {
  let mask = 0;
  for (const group of groups) {
    for (const number of multicastGroups[group]) mask |= 1 << (number - 1);
  }
  return mask >>> 0;
}
