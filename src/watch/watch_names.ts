/**
 * An iterator over the names that come and go in a directory.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { onAbort } from "../on_abort.ts";
import { EventIterator, type Waiting } from "../poll/event_iterator.ts";
import { Readiness } from "../poll/readiness.ts";
import { type NameEvent, NameWatcher } from "./name_watcher.ts";

/** Watches a directory of names; listens when this returns. */
export function watchNames(
  directory: string,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<NameEvent> {
  const watcher = new NameWatcher(directory);
  const iterator = new EventIterator(
    watcher,
    new NameWaiting(watcher),
    () => signal?.removeEventListener("abort", abort),
  );
  // What nobody iterates over any more is garbage, although the signal knows it.
  const reference = new WeakRef(iterator);
  const abort = () => {
    reference.deref()?.end().catch(() => {});
  };
  if (signal) onAbort(signal, abort);
  if (signal?.aborted) abort();
  return iterator;
}

/** Waits for the kernel to tell something, and not too long while a name is still to become usable. */
class NameWaiting implements Waiting {
  readonly #watcher: NameWatcher;
  readonly #readiness: Readiness;

  constructor(watcher: NameWatcher) {
    this.#watcher = watcher;
    this.#readiness = new Readiness(watcher.fd);
  }

  async wait(): Promise<void> {
    const { pause } = this.#watcher;
    if (pause === undefined) return await this.#readiness.wait();
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) =>
      timer = builtin.timers.setTimeout(resolve, pause)
    );
    try {
      await Promise.race([this.#readiness.wait(), elapsed]);
    } finally {
      builtin.timers.clearTimeout(timer);
      this.#readiness.pause();
    }
  }

  close(): Promise<void> {
    return this.#readiness.close();
  }
}
