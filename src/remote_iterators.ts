/**
 * Iterators that run on the main thread for functions inside a namespace thread.
 *
 * @module
 */

/** The iterators that one namespace thread has begun, by number. */
export class RemoteIterators {
  readonly #iterators = new Map<number, AsyncIterator<unknown>>();
  #lastId = 0;

  /** Begins one; returns its number. */
  begin(iterable: AsyncIterable<unknown>): number {
    this.#iterators.set(++this.#lastId, iterable[Symbol.asyncIterator]());
    return this.#lastId;
  }

  /** The next step of one. */
  async next(id: number): Promise<IteratorResult<unknown>> {
    const iterator = this.#iterators.get(id);
    if (iterator === undefined) return { done: true, value: undefined };
    try {
      const step = await iterator.next();
      if (step.done) this.#iterators.delete(id);
      return step;
    } catch (error) {
      this.#iterators.delete(id);
      throw error;
    }
  }

  /** Ends one before its end. */
  async end(id: number): Promise<void> {
    const iterator = this.#iterators.get(id);
    this.#iterators.delete(id);
    await iterator?.return?.();
  }

  /** Ends all, as the thread is gone. */
  endAll(): void {
    for (const id of [...this.#iterators.keys()]) this.end(id).catch(() => {});
  }
}
