/**
 * Iterators over what the kernel tells.
 *
 * @module
 */

/** An iterator that holds a socket: it ends by `break`, by `return()`, or with `await using`. */
export interface DisposableIterator<T> extends AsyncIterableIterator<T> {
  [Symbol.asyncIterator](): DisposableIterator<T>;
  /** As `return()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** An iterator that has ended. */
export function endedIterator<T>(): DisposableIterator<T> {
  const end = () => Promise.resolve({ done: true as const, value: undefined });
  return {
    next: end,
    return: end,
    throw: (error: unknown) => Promise.reject(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
