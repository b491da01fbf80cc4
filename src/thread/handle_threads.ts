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
  #replaced: NamespaceThread[] = [];
  #keepsAlive = true;

  constructor(namespace: Namespace, owner: () => ThreadOwner) {
    this.#namespace = namespace;
    this.#owner = owner;
  }

  /** The thread that runs calls; starts one when there is none. */
  get running(): NamespaceThread {
    if (this.#current?.ended) {
      this.#replaced = [...this.#replaced, this.#current].filter((thread) => thread.isThere());
      this.#current = undefined;
    }
    return this.#current ??= new NamespaceThread(this.#namespace, this.#owner(), this.#keepsAlive);
  }

  /** Whether a pending call keeps the process alive. */
  set keepsAlive(value: boolean) {
    this.#keepsAlive = value;
    if (this.#current !== undefined) this.#current.keepsAlive = value;
  }

  /** Rejects what is pending. */
  rejectPending(reason: NetNSError): void {
    this.#current?.rejectPending(reason);
  }

  /** Waits for what is pending, then ends every thread; resolves when the kernel let them go. */
  async end(reason: NetNSError): Promise<void> {
    await this.#current?.idle();
    const threads = [...this.#replaced, ...this.#current ? [this.#current] : []];
    await Promise.all(threads.map((thread) => thread.end(reason)));
    this.#replaced = [];
    this.#current = undefined;
  }
}
