/**
 * Waits until a descriptor can be read. All that wait on a thread of JavaScript share one poll
 * thread, which ends with the last of them.
 *
 * @module
 */

import { PollThread } from "./poll_thread.ts";

let thread: PollThread | undefined;
let users = 0;

const lost = new FinalizationRegistry<undefined>(() => {
  leave().catch(() => {});
});

async function leave(): Promise<void> {
  if (--users > 0) return;
  const last = thread;
  thread = undefined;
  await last?.end();
}

/** The readiness of one descriptor, for one who waits. */
export class Readiness {
  readonly #fd: number;
  #isUser = false;
  #settle: (() => void) | undefined;

  /** The poll thread is started by the first {@linkcode wait}. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Resolves when the descriptor can be read, now and then too early, or when this is closed. The
   * process stays alive for that.
   *
   * @throws {NetNSError} When the poll thread cannot start, or died.
   */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const poll = this.#join();
      this.#settle = resolve;
      poll.wait(this.#fd, (failure) => failure === undefined ? resolve() : reject(failure));
    });
  }

  /** Waits no more for now: what {@linkcode wait} promised is not kept. */
  pause(): void {
    thread?.forget(this.#fd);
  }

  /** Waits no more; resolves when the poll thread, if this was its last user, is gone. */
  async close(): Promise<void> {
    if (!this.#isUser) return;
    this.#isUser = false;
    lost.unregister(this);
    thread?.forget(this.#fd);
    this.#settle?.();
    await leave();
  }

  #join(): PollThread {
    if (thread === undefined || thread.ended) thread = new PollThread();
    if (!this.#isUser) {
      this.#isUser = true;
      users++;
      lost.register(this, undefined, this);
    }
    return thread;
  }
}
