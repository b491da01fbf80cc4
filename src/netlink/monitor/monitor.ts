/**
 * An iterator over what changes in a network namespace.
 *
 * @module
 */

import type { DisposableIterator } from "../disposable_iterator.ts";
import type { Readiness } from "../../poll/readiness.ts";
import { Pace } from "../pace.ts";
import type { NetlinkSocket } from "../socket.ts";
import { EventReader } from "./event_reader.ts";
import type { LinkNames } from "./link_names.ts";
import type { MonitorEvent, MonitorGroup } from "./monitor_event.ts";

/** How long a descriptor is waited for. */
export type Waiting = Pick<Readiness, "wait" | "close">;

/** A call of `next()` that has no answer yet. */
interface Call<Event> {
  resolve(result: IteratorResult<Event, undefined>): void;
  reject(error: unknown): void;
}

/** Reads an event when it is asked for; until then the kernel keeps it. */
export class Monitor<Group extends MonitorGroup>
  implements DisposableIterator<MonitorEvent<Group>> {
  readonly #socket: NetlinkSocket;
  readonly #events: EventReader<Group>;
  readonly #readiness: Waiting;
  readonly #pace: Pace = new Pace();
  #calls: Call<MonitorEvent<Group>>[] = [];
  #ending: Promise<void> | undefined;
  /** Why it has ended, until that is told. */
  #failure: (() => unknown) | undefined;
  #onEnd: () => void;

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
    onEnd: () => void = () => {},
  ) {
    this.#socket = socket;
    this.#readiness = readiness;
    this.#events = new EventReader(socket, groups, listNames);
    this.#onEnd = onEnd;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  next(): Promise<IteratorResult<MonitorEvent<Group>, undefined>> {
    return new Promise((resolve, reject) => {
      const call = { resolve, reject };
      if (this.#ending !== undefined) return this.#answerEnded(call);
      this.#calls.push(call);
      if (this.#calls.length === 1) this.#answer();
    });
  }

  async return(): Promise<IteratorResult<MonitorEvent<Group>, undefined>> {
    this.#failure = undefined;
    await this.end();
    return { done: true, value: undefined };
  }

  async throw(error?: unknown): Promise<IteratorResult<MonitorEvent<Group>, undefined>> {
    await this.return();
    throw error;
  }

  /**
   * Ends it: who waits is told the failure, or that this is the end. Resolves when nothing of the
   * monitor is left.
   */
  end(failure?: () => unknown): Promise<void> {
    if (this.#ending !== undefined) return this.#ending;
    this.#failure = failure;
    this.#ending = this.#readiness.close();
    this.#socket.close();
    this.#onEnd();
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) this.#answerEnded(call);
    return this.#ending;
  }

  /** Answers calls, in their order, until there are no more. */
  async #answer(): Promise<void> {
    try {
      while (this.#calls.length > 0) {
        if (this.#pace.due) {
          await this.#pace.yield();
          continue;
        }
        const value = this.#events.read();
        if (value !== undefined) {
          this.#calls.shift()!.resolve({ done: false, value });
        } else {
          await this.#readiness.wait();
          this.#pace.rested();
        }
      }
    } catch (error) {
      this.end(() => error).catch(() => {});
    }
  }

  #answerEnded(call: Call<MonitorEvent<Group>>): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure === undefined) call.resolve({ done: true, value: undefined });
    else call.reject(failure());
  }
}
