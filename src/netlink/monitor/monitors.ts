/**
 * `ip monitor`: the monitors of one handle.
 *
 * @module
 */

import { checkInteger, checkOptions, checkSignal, outOfRange, wrongType } from "../../check.ts";
import { onAbort } from "../../on_abort.ts";
import { Readiness } from "../../poll/readiness.ts";
import { type DisposableIterator, endedIterator } from "../../disposable_iterator.ts";
import type { ListeningSocket, ListenSettings } from "../socket.ts";
import { monitorGroups, multicastMask } from "./groups.ts";
import type { LinkNames } from "./link_names.ts";
import { Monitor } from "./monitor.ts";
import type { MonitorEvent, MonitorGroup, MonitorOptions } from "./monitor_event.ts";

/** Makes monitors, and ends them with the handle. */
export class Monitors {
  readonly #openSocket: (settings: ListenSettings) => ListeningSocket;
  readonly #listNames: () => LinkNames;
  readonly #closedError: () => Error;
  readonly #open = new Set<WeakRef<Monitor<MonitorGroup>>>();

  constructor(
    openSocket: (settings: ListenSettings) => ListeningSocket,
    listNames: () => LinkNames,
    closedError: () => Error,
  ) {
    this.#openSocket = openSocket;
    this.#listNames = listNames;
    this.#closedError = closedError;
  }

  /** Makes a monitor; it listens when this returns. */
  open<Group extends MonitorGroup>(
    options: MonitorOptions<Group>,
  ): DisposableIterator<MonitorEvent<Group>> {
    checkOptions("options", options, ["groups", "signal", "rcvbuf"]);
    const groups = checkGroups(options.groups) as readonly Group[];
    const { signal, rcvbuf } = options;
    checkSignal("options.signal", signal);
    if (rcvbuf !== undefined) checkInteger("options.rcvbuf", rcvbuf, 1);
    if (signal?.aborted) return endedIterator();
    const socket = this.#openSocket({ groups: multicastMask([...groups, "link"]), rcvbuf });
    const onEnd = () => {
      this.#open.delete(reference);
      signal?.removeEventListener("abort", abort);
    };
    const monitor = this.#monitor(socket, groups, onEnd);
    // What nobody iterates over any more is garbage, although the signal and the handle know it.
    const reference = new WeakRef<Monitor<MonitorGroup>>(monitor as Monitor<MonitorGroup>);
    const abort = () => {
      reference.deref()?.end().catch(() => {});
    };
    if (signal) onAbort(signal, abort);
    this.#forgetGarbage();
    this.#open.add(reference);
    return monitor;
  }

  /** Ends all; who iterates is told that the handle is closed. */
  async close(): Promise<void> {
    const monitors = [...this.#open].map((reference) => reference.deref());
    await Promise.all(monitors.map((monitor) => monitor?.end(this.#closedError)));
  }

  #monitor<Group extends MonitorGroup>(
    socket: ListeningSocket,
    groups: readonly Group[],
    onEnd: () => void,
  ): Monitor<Group> {
    try {
      return new Monitor(socket, new Readiness(socket.fd), groups, this.#listNames, onEnd);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  #forgetGarbage(): void {
    for (const reference of this.#open) {
      if (reference.deref() === undefined) this.#open.delete(reference);
    }
  }
}

function checkGroups(groups: unknown): readonly MonitorGroup[] {
  if (groups === undefined) return monitorGroups;
  const words = monitorGroups.map((group) => `"${group}"`).join(", ");
  if (!Array.isArray(groups)) throw wrongType("options.groups", `an array of ${words}`, groups);
  if (groups.length === 0) throw outOfRange("options.groups", "not empty", groups);
  groups.forEach((group, index) => {
    if (monitorGroups.includes(group)) return;
    throw wrongType(`options.groups[${index}]`, `one of ${words}`, group);
  });
  return groups;
}
