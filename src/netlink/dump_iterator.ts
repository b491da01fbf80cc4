/**
 * A dump that is read no faster than its objects are asked for, over a socket of its own.
 *
 * @module
 */

import type { DisposableIterator } from "../disposable_iterator.ts";
import { Channel } from "./channel.ts";
import { Dump, interruptedError } from "./dump.ts";
import { unanswered } from "./frames.ts";
import { Pace } from "../pace.ts";
import { type Failure, fillLinks, type Query } from "./request.ts";
import { undeliveredError } from "./request_error.ts";
import type { NetlinkSocket } from "./socket.ts";

/** Holds the objects of one datagram at a time. The socket is opened by the first `next()`. */
export class DumpIterator<T> implements DisposableIterator<T> {
  readonly #query: Query<T>;
  readonly #openSocket: () => NetlinkSocket;
  readonly #failureOfClosed: () => Failure | undefined;
  readonly #pace: Pace = new Pace();
  readonly #objects: T[] = [];
  #next = 0;
  #channel: Channel | undefined;
  #dump: Dump<T> | undefined;
  #ended = false;
  /** Calls that have not finished; what they do happens in their order. */
  #calls = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    query: Query<T>,
    openSocket: () => NetlinkSocket,
    failureOfClosed: () => Failure | undefined,
  ) {
    this.#query = query;
    this.#openSocket = openSocket;
    this.#failureOfClosed = failureOfClosed;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#calls === 0 && this.#next < this.#objects.length) {
      return Promise.resolve({ done: false, value: this.#objects[this.#next++]! });
    }
    return this.#inOrder(() => this.#advance());
  }

  return(): Promise<IteratorResult<T, undefined>> {
    return this.#inOrder(() => {
      this.#end();
      return { done: true, value: undefined };
    });
  }

  throw(error?: unknown): Promise<IteratorResult<T, undefined>> {
    return this.#inOrder(() => {
      this.#end();
      throw error;
    });
  }

  async #inOrder<R>(run: () => R | Promise<R>): Promise<R> {
    this.#calls++;
    const before = this.#last;
    const result = before.then(run);
    this.#last = result.catch(() => {});
    try {
      return await result;
    } finally {
      this.#calls--;
    }
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    try {
      while (this.#next === this.#objects.length) {
        if (this.#ended) return { done: true, value: undefined };
        await this.#receive();
      }
      return { done: false, value: this.#objects[this.#next++]! };
    } catch (error) {
      this.#end();
      const closed = this.#failureOfClosed();
      throw closed === undefined ? undeliveredError(this.#query.op, error) : closed();
    }
  }

  async #receive(): Promise<void> {
    const closed = this.#failureOfClosed();
    if (closed !== undefined) throw closed();
    const dump = this.#dump ??= this.#start();
    this.#objects.length = this.#next = 0;
    if (dump.ended) {
      this.#end();
      if (dump.failure !== undefined) throw dump.failure();
      if (dump.interrupted) throw interruptedError(this.#query.op);
      return;
    }
    if (this.#pace.due) await this.#pace.yield();
    this.#channel!.forgetNames();
    if (dump.receive(this.#objects)) this.#pace.progress();
    else if (!(await this.#pace.wait())) throw unanswered();
  }

  #start(): Dump<T> {
    const channel = this.#channel = new Channel(this.#openSocket());
    const bytes = this.#query.message.finish();
    const failure = fillLinks(channel, this.#query, bytes);
    if (failure !== undefined) throw failure();
    return new Dump(channel, this.#query, bytes);
  }

  #end(): void {
    this.#ended = true;
    this.#objects.length = this.#next = 0;
    this.#channel?.socket.close();
    this.#query.message.release();
  }
}
