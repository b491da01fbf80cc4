/**
 * Reads what the kernel tells by itself, event by event.
 *
 * @module
 */

import { MessageReader } from "../codec/message_reader.ts";
import { visitFrames } from "../frames.ts";
import { type NetlinkSocket, NOTHING, OVERRUN } from "../socket.ts";
import { IFINFOMSG_LENGTH, RTM_DELLINK, RTM_NEWLINK } from "../constants/rtnetlink.ts";
import { AF_BRIDGE, type MonitoredKind, monitoredKinds } from "./kinds.ts";
import { learnName, type LinkNames } from "./link_names.ts";
import type { MonitorEvent, MonitorGroup } from "./monitor_event.ts";

/** Reads the events of some groups from a socket that listens to them. */
export class EventReader<Group extends MonitorGroup> {
  readonly #socket: NetlinkSocket;
  readonly #kinds: readonly MonitoredKind[];
  readonly #listNames: () => LinkNames;
  /** The names that links had when what is read now happened. */
  #names: LinkNames;
  readonly #events: MonitorEvent[] = [];
  #next = 0;
  #lost = false;
  #reader: MessageReader;

  /**
   * @param socket Listens to the groups, and to that of links: names are those of the time of an
   * event, not of the time at which it is read.
   * @param names The names that links had when it began to listen.
   * @param listNames Tells the names that links have now.
   */
  constructor(
    socket: NetlinkSocket,
    groups: readonly Group[],
    names: LinkNames,
    listNames: () => LinkNames,
  ) {
    this.#socket = socket;
    this.#listNames = listNames;
    this.#names = names;
    this.#kinds = [...new Set<MonitorGroup>(groups)].map((group) => ({
      group,
      ...monitoredKinds[group],
    }));
    this.#reader = this.#newReader();
  }

  /**
   * The next event; undefined when there is none.
   *
   * What is left of the events from before a loss comes before the loss is told: the kernel accepts
   * no new ones until all that it has were received.
   */
  read(): MonitorEvent<Group> | undefined {
    for (;;) {
      if (this.#next < this.#events.length) {
        return this.#events[this.#next++] as MonitorEvent<Group>;
      }
      this.#events.length = this.#next = 0;
      const length = this.#socket.receive();
      if (length === NOTHING) {
        if (!this.#lost) return undefined;
        this.#lost = false;
        this.#names = this.#listNames();
        return { type: "overrun" };
      }
      if (length === OVERRUN) {
        if (this.#lost) return { type: "overrun" };
        this.#lost = true;
      } else {
        this.#readDatagram(length);
      }
    }
  }

  #readDatagram(length: number): void {
    if (this.#reader.bytes !== this.#socket.buffer) this.#reader = this.#newReader();
    visitFrames(this.#reader, length, (type, _flags, _sequence, _port, start, end) => {
      for (const kind of this.#kinds) {
        if (type === kind.type || type === kind.type + 1) {
          this.#readObject(kind, type === kind.type ? "new" : "del", start, end);
        }
      }
      this.#learnName(type, start, end);
    });
  }

  #readObject(kind: MonitoredKind, type: "new" | "del", start: number, end: number): void {
    if (start === end) return;
    const object = kind.read(this.#reader, start, end);
    if (object === undefined) return;
    const { group } = kind;
    this.#events.push({ type, group, [group]: object } as unknown as MonitorEvent);
  }

  #learnName(type: number, start: number, end: number): void {
    if (end - start < IFINFOMSG_LENGTH || this.#reader.u8(start) === AF_BRIDGE) return;
    if (type === RTM_NEWLINK) learnName(this.#names, this.#reader, start, end);
    else if (type === RTM_DELLINK) this.#names.delete(this.#reader.i32(start + 4));
  }

  #newReader(): MessageReader {
    return new MessageReader(this.#socket.buffer, (index) => this.#linkName(index));
  }

  #linkName(index: number): string | number {
    let name = this.#names.get(index);
    if (name === undefined) {
      name = this.#socket.linkName(index);
      if (name === undefined) return index;
      this.#names.set(index, name);
    }
    return name;
  }
}
