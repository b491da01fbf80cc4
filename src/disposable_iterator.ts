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

/** An iterator that tells by its first step why there is nothing to iterate over. */
export function failedIterator<T>(failure: unknown): DisposableIterator<T> {
  const ended = endedIterator<T>();
  let told = false;
  const end = () => {
    told = true;
    return ended.next();
  };
  return {
    ...ended,
    next: () => told ? end() : end().then(() => Promise.reject(failure)),
    return: end,
    [Symbol.asyncDispose]: async () => void await end(),
  };
}

/** An iterator that is being made. */
export function lateIterator<T>(coming: Promise<DisposableIterator<T>>): DisposableIterator<T> {
  const made = coming.catch((error: unknown) => failedIterator<T>(error));
  return {
    next: async () => await (await made).next(),
    return: async () => await (await made).return!(),
    throw: async (error: unknown) => await (await made).throw!(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => await (await made)[Symbol.asyncDispose](),
  };
}
