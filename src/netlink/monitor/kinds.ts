/**
 * How the messages about what is monitored are read.
 *
 * @module
 */

import { readAddress } from "../addr/address_message.ts";
import type { MessageReader } from "../codec/message_reader.ts";
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
  // A bridge tells of its ports, too: that one left it is RTM_DELLINK of a link that stays.
  link: {
    type: RTM_NEWLINK,
    read: (reader, start, end) =>
      reader.u8(start) === AF_BRIDGE ? undefined : readLink(reader, start, end),
  },
  addr: { type: RTM_NEWADDR, read: readAddress },
  route: { type: RTM_NEWROUTE, read: readRoute },
  rule: { type: RTM_NEWRULE, read: readRule },
  neigh: { type: RTM_NEWNEIGH, read: readNeighbour },
  fdb: { type: RTM_NEWNEIGH, read: readFdbEntry },
  qdisc: { type: RTM_NEWQDISC, read: readQdisc },
  class: { type: RTM_NEWTCLASS, read: readTrafficClass },
  // All filters of a priority go at once: one message that names none of them.
  filter: { type: RTM_NEWTFILTER, read: readAnyFilter },
  nsid: { type: RTM_NEWNSID, read: readNsid },
};
