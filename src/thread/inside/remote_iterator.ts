/**
 * An iterator inside a namespace thread: the main thread iterates, one request a step.
 *
 * @module
 */

import { onAbort } from "../../on_abort.ts";
import type { AskHandle } from "./remote_netlink.ts";

/** What the main thread iterates over; known to those who may end it, unlike the iterator. */
class Iteration {
  /** Its number; undefined when it has ended. */
  id: Promise<unknown> | undefined;
  readonly #ask: AskHandle;

  constructor(ask: AskHandle, path: readonly string[], args: readonly unknown[]) {
    this.#ask = ask;
    this.id = ask("iterate", [path, args]);
    this.id.catch(() => {}); // It is told by the first step.
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.id === undefined) return { done: true, value: undefined };
    const id = await this.id;
    return await this.#ask("nextIteration", [id]) as IteratorResult<unknown, undefined>;
  }

  async end(): Promise<void> {
    const { id } = this;
    this.id = undefined;
    if (id !== undefined) await this.#ask("endIteration", [await id]);
  }

  readonly endQuietly = (): void => {
    this.end().catch(() => {});
  };
}

/** Ends, for the main thread, what nobody inside iterates over any more. */
const dropped = new FinalizationRegistry<Iteration>((iteration) => iteration.endQuietly());

/** The iterator that a method gives. `signal` among its options stays here, and ends it. */
export class RemoteIterator implements AsyncIterableIterator<unknown> {
  readonly #iteration: Iteration | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(ask: AskHandle, path: readonly string[], args: readonly unknown[]) {
    const { signal, ...options } = { ...args[0] as { signal?: AbortSignal } | undefined };
    if (signal?.aborted) return;
    this.#signal = signal;
    this.#iteration = new Iteration(ask, path, [options]);
    if (signal) onAbort(signal, this.#iteration.endQuietly);
    dropped.register(this, this.#iteration, this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    try {
      const step = await this.#iteration?.next();
      if (step !== undefined && !step.done) return step;
    } catch (error) {
      this.#forget();
      throw error;
    }
    this.#forget();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<unknown, undefined>> {
    this.#forget();
    await this.#iteration?.end();
    return { done: true, value: undefined };
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown, undefined>> {
    await this.return();
    throw error;
  }

  /** It has ended, or is about to. */
  #forget(): void {
    if (this.#iteration === undefined) return;
    this.#signal?.removeEventListener("abort", this.#iteration.endQuietly);
    dropped.unregister(this);
  }
}
