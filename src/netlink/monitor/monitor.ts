/**
 * An iterator over what changes in a network namespace.
 *
 * @module
 */

import { EventIterator, type Waiting } from "../../poll/event_iterator.ts";
import { type NetlinkModule, rtnetlink } from "../load.ts";
import type { NetlinkSocket } from "../socket.ts";
import type { EventReader } from "./event_reader.ts";
import type { LinkNames } from "./link_names.ts";
import type { MonitorEvent, MonitorGroup } from "./monitor_event.ts";

/** Reads the events of some groups when they are asked for. */
export class Monitor<Group extends MonitorGroup> extends EventIterator<MonitorEvent<Group>> {
  /**
   * Takes a socket over that listens, to the group of links, too.
   *
   * @param listNames Tells the names that links have now.
   * @param onEnd Is called when the monitor ends.
   */
  constructor(
    socket: NetlinkSocket,
    readiness: Waiting,
    groups: readonly Group[],
    listNames: () => LinkNames,
    onEnd?: () => void,
  ) {
    const names = listNames();
    let events: EventReader<Group> | undefined;
    const begin = ({ EventReader }: NetlinkModule) => {
      events = new EventReader(socket, groups, names, listNames);
    };
    if (rtnetlink.loaded !== undefined) begin(rtnetlink.loaded);
    super(
      { read: () => events?.read(), close: () => socket.close() },
      {
        wait: async () =>
          events === undefined ? begin(await rtnetlink.load()) : await readiness.wait(),
        close: () => readiness.close(),
      },
      onEnd,
    );
  }
}
