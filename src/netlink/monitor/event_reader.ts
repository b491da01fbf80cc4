/**
 * Reads what the kernel tells by itself, event by event.
 *
 * @module
 */

import { MessageReader } from "../codec/message_reader.ts";
import { visitFrames } from "../frames.ts";
import type { Link } from "../link/link.ts";
import { type NetlinkSocket, NOTHING, OVERRUN } from "../socket.ts";
import { type MonitoredKind, monitoredKinds } from "./groups.ts";
import type { MonitorEvent, MonitorGroup } from "./monitor_event.ts";

/** Reads the events of some groups from a socket that listens to them. */
export class EventReader<Group extends MonitorGroup> {
  readonly #socket: NetlinkSocket;
  readonly #kinds: readonly MonitoredKind[];
  /** The names of links as the events so far have told them. */
  readonly #names = new Map<number, string>();
  /** Whether events tell of every change of a name. */
  readonly #knowsNames: boolean;
  readonly #events: MonitorEvent[] = [];
  #next = 0;
  #lost = false;
  #reader: MessageReader;

  constructor(socket: NetlinkSocket, groups: readonly Group[]) {
    this.#socket = socket;
    this.#kinds = [...new Set<MonitorGroup>(groups)].map((group) => ({
      group,
      ...monitoredKinds[group],
    }));
    this.#knowsNames = groups.includes("link" as Group);
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
      const length = this.#socket.receive(true);
      if (length === NOTHING) {
        if (!this.#lost) return undefined;
        this.#lost = false;
        return { type: "overrun" };
      }
      if (length === OVERRUN) {
        this.#names.clear();
        if (this.#lost) return { type: "overrun" };
        this.#lost = true;
      } else {
        this.#readDatagram(length);
      }
    }
  }

  #readDatagram(length: number): void {
    if (!this.#knowsNames) this.#names.clear();
    if (this.#reader.bytes !== this.#socket.buffer) this.#reader = this.#newReader();
    visitFrames(this.#reader, length, (type, _flags, _sequence, _port, start, end) => {
      for (const kind of this.#kinds) {
        if (type === kind.type || type === kind.type + 1) {
          this.#readObject(kind, type === kind.type ? "new" : "del", start, end);
        }
      }
    });
  }

  #readObject(kind: MonitoredKind, type: "new" | "del", start: number, end: number): void {
    if (start === end) return;
    const object = kind.read(this.#reader, start, end);
    if (object === undefined) return;
    const { group } = kind;
    if (group === "link") this.#learnName(type, object as Link);
    this.#events.push({ type, group, [group]: object } as unknown as MonitorEvent);
  }

  #learnName(type: "new" | "del", { index, name }: Link): void {
    if (type === "new") this.#names.set(index, name);
    else this.#names.delete(index);
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
