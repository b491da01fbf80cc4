/**
 * What can be monitored: by which multicast groups, and how its messages are read.
 *
 * @module
 */

import { readAddress } from "../addr/address_message.ts";
import type { MessageReader } from "../codec/message_reader.ts";
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
import {
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWNSID,
  RTM_NEWQDISC,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
} from "../constants/rtnetlink.ts";
import { readFdbEntry } from "../fdb/fdb_message.ts";
import { readLink } from "../link/link_message.ts";
import { readNeighbour } from "../neigh/neighbour_message.ts";
import { readNsid } from "../nsid/nsid_message.ts";
import { readRoute } from "../route/route_message.ts";
import { readRule } from "../rule/rule_message.ts";
import { readAnyFilter } from "../tc/filter_message.ts";
import { readQdisc, readTrafficClass } from "../tc/qdisc_message.ts";
import type { MonitoredObjects, MonitorGroup } from "./monitor_event.ts";

/** One kind of object. */
export interface MonitoredKind<Group extends MonitorGroup = MonitorGroup> {
  readonly group: Group;
  /** `RTNLGRP_*`. */
  readonly multicast: readonly number[];
  /** `RTM_NEW*`; that of a removal is the next number. */
  readonly type: number;
  /** Reads the object from its header on; undefined when it is none of this kind. */
  readonly read: (
    reader: MessageReader,
    start: number,
    end: number,
  ) => MonitoredObjects[Group] | undefined;
}

/** The family of messages of bridges about their ports. */
export const AF_BRIDGE = 7;

/** All kinds. */
export const monitoredKinds: {
  readonly [Group in MonitorGroup]: Omit<MonitoredKind<Group>, "group">;
} = {
  link: {
    multicast: [RTNLGRP_LINK],
    type: RTM_NEWLINK,
    // A bridge tells of its ports, too: that one left it is RTM_DELLINK of a link that stays.
    read: (reader, start, end) =>
      reader.u8(start) === AF_BRIDGE ? undefined : readLink(reader, start, end),
  },
  addr: {
    multicast: [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR],
    type: RTM_NEWADDR,
    read: readAddress,
  },
  route: {
    multicast: [RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE],
    type: RTM_NEWROUTE,
    read: readRoute,
  },
  rule: {
    multicast: [RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE],
    type: RTM_NEWRULE,
    read: readRule,
  },
  neigh: { multicast: [RTNLGRP_NEIGH], type: RTM_NEWNEIGH, read: readNeighbour },
  fdb: { multicast: [RTNLGRP_NEIGH], type: RTM_NEWNEIGH, read: readFdbEntry },
  qdisc: { multicast: [RTNLGRP_TC], type: RTM_NEWQDISC, read: readQdisc },
  class: { multicast: [RTNLGRP_TC], type: RTM_NEWTCLASS, read: readTrafficClass },
  // All filters of a priority go at once: one message that names none of them.
  filter: { multicast: [RTNLGRP_TC], type: RTM_NEWTFILTER, read: readAnyFilter },
  nsid: { multicast: [RTNLGRP_NSID], type: RTM_NEWNSID, read: readNsid },
};

/** The words for all kinds. */
export const monitorGroups: readonly MonitorGroup[] = Object.keys(
  monitoredKinds,
) as MonitorGroup[];

/** The groups as `nl_groups` of netlink(7) has them. */
export function multicastMask(groups: readonly MonitorGroup[]): number {
  let mask = 0;
  for (const group of groups) {
    for (const number of monitoredKinds[group].multicast) mask |= 1 << (number - 1);
  }
  return mask >>> 0;
}
