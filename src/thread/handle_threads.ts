/**
 * The thread of a handle: started on first need, replaced when it dies.
 *
 * @module
 */

import type { NetNSError } from "../errors.ts";
import type { Namespace } from "../namespace.ts";
import { NamespaceThread, type ThreadOwner } from "./thread.ts";

/** The threads that a handle has started; one at most is in use. */
export class HandleThreads {
  readonly #namespace: Namespace;
  readonly #owner: () => ThreadOwner;
  #current: NamespaceThread | undefined;
  /** Those that are ending, or that could not be stopped. */
  #others: NamespaceThread[] = [];
  #keepsAlive = true;

  constructor(namespace: Namespace, owner: () => ThreadOwner) {
    this.#namespace = namespace;
    this.#owner = owner;
  }

  /** The thread that runs calls; starts one when there is none. */
  get running(): NamespaceThread {
    if (this.#current?.ended) this.#setAside();
    return this.#current ??= new NamespaceThread(this.#namespace, this.#owner(), this.#keepsAlive);
  }

  /** Whether a pending call keeps the process alive. */
  set keepsAlive(value: boolean) {
    this.#keepsAlive = value;
    for (const thread of this.#all()) thread.keepsAlive = value;
  }

  /** Rejects what is pending. */
  rejectPending(reason: NetNSError): void {
    for (const thread of this.#all()) thread.rejectPending(reason);
  }

  /**
   * Waits for what is pending, then ends every thread; resolves when the kernel let them go.
   * Undefined where there is none.
   */
  end(): Promise<void> | undefined {
    if (this.#current === undefined && this.#others.length === 0) return undefined;
    this.#setAside(); // A call that is made meanwhile, on a handle that stays open, gets a new one.
    return this.#endOthers(this.#namespace.closedError());
  }

  async #endOthers(reason: NetNSError): Promise<void> {
    await Promise.all(this.#others.map(async (thread) => {
      await thread.idle();
      await thread.end(reason);
    }));
    this.#others = this.#others.filter((thread) => thread.isThere());
  }

  #all(): NamespaceThread[] {
    return this.#current ? [...this.#others, this.#current] : this.#others;
  }

  #setAside(): void {
    this.#others = this.#all().filter((thread) => !thread.ended || thread.isThere());
    this.#current = undefined;
  }
}
