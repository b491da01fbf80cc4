/**
 * An iterator over what a descriptor tells.
 *
 * @module
 */

import type { DisposableIterator } from "../disposable_iterator.ts";
import { Pace } from "../pace.ts";
import type { Readiness } from "./readiness.ts";

/** How a descriptor is waited for. */
export type Waiting = Pick<Readiness, "wait" | "close">;

/** Where events come from. */
export interface EventSource<Event> {
  /** The next event; undefined when there is none yet. */
  read(): Event | undefined;
  /** Lets go of the descriptor. */
  close(): void;
}

/** A call of `next()` that has no answer yet. */
interface Call<Event> {
  resolve(result: IteratorResult<Event, undefined>): void;
  reject(error: unknown): void;
}

/** Reads an event when it is asked for; until then the kernel keeps it. */
export class EventIterator<Event> implements DisposableIterator<Event> {
  readonly #source: EventSource<Event>;
  readonly #readiness: Waiting;
  readonly #pace: Pace = new Pace();
  #calls: Call<Event>[] = [];
  #ending: Promise<void> | undefined;
  /** Why it has ended, until that is told. */
  #failure: (() => unknown) | undefined;
  #onEnd: () => void;

  /**
   * Takes a source over that listens.
   *
   * @param onEnd Is called when the iterator ends.
   */
  constructor(source: EventSource<Event>, readiness: Waiting, onEnd: () => void = () => {}) {
    this.#source = source;
    this.#readiness = readiness;
    this.#onEnd = onEnd;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    return new Promise((resolve, reject) => {
      const call = { resolve, reject };
      if (this.#ending !== undefined) return this.#answerEnded(call);
      this.#calls.push(call);
      if (this.#calls.length === 1) this.#answer();
    });
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#failure = undefined;
    await this.end();
    return { done: true, value: undefined };
  }

  async throw(error?: unknown): Promise<IteratorResult<Event, undefined>> {
    await this.return();
    throw error;
  }

  /**
   * Ends it: who waits is told the failure, or that this is the end. Resolves when nothing of the
   * iterator is left.
   */
  end(failure?: () => unknown): Promise<void> {
    if (this.#ending !== undefined) return this.#ending;
    this.#failure = failure;
    this.#ending = this.#readiness.close();
    this.#source.close();
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
        const value = this.#source.read();
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

  #answerEnded(call: Call<Event>): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure === undefined) call.resolve({ done: true, value: undefined });
    else call.reject(failure());
  }
}
