/**
 * Network namespaces that are made before they are needed.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { NetNSError } from "./errors.ts";
import type { HandleOptions } from "./handle_options.ts";
import type { NetNS } from "./netns.ts";
import { requireBroughtBack } from "./position.ts";

/** Options of {@linkcode NetNS.pool}. */
export interface PoolOptions extends HandleOptions {
  /** How many namespaces are kept ready. */
  size: number;
  /** Whether the interface `lo` is brought up in them. @default {true} */
  loopback?: boolean | undefined;
}

/**
 * Namespaces without a name that are ready to be taken: see {@linkcode NetNS.pool}.
 *
 * The event loop makes a new one in each of its turns until there are enough again; that never
 * keeps the process alive.
 */
export class NetNSPool {
  readonly #create: () => NetNS;
  readonly #size: number;
  #ready: NetNS[] = [];
  #filling = false;
  #closed = false;

  /** Use {@linkcode NetNS.pool}. */
  constructor(create: () => NetNS, size: number) {
    this.#create = create;
    this.#size = size;
    this.#fill();
  }

  /** How many namespaces are ready. */
  get ready(): number {
    return this.#ready.length;
  }

  /**
   * Takes a namespace, a fresh one that nobody has used. When none is ready it is made now.
   *
   * @returns The handle; close it.
   * @throws {NetNSError} `ERR_NETNS_CLOSED` after {@linkcode close}; `EPERM`, `EMFILE`, `ENOSPC`
   * as {@linkcode NetNS.create} when none is ready.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const pool = NetNS.pool({ size: 4 });
   * const ns = pool.take();
   * await ns.close();
   * await pool.close();
   * ```
   */
  take(): NetNS {
    if (this.#closed) {
      throw new NetNSError("Cannot take a network namespace: the pool is closed", {
        code: "ERR_NETNS_CLOSED",
      });
    }
    requireBroughtBack();
    const ns = this.#ready.pop() ?? this.#create();
    this.#fill();
    return ns;
  }

  /** Closes the namespaces that nobody took; those that were taken stay. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#ready.splice(0).map((ns) => ns.close()));
  }

  /** As {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #fill(): void {
    if (this.#filling || this.#closed || this.#ready.length >= this.#size) return;
    this.#filling = true;
    builtin.timers.setImmediate(() => {
      this.#filling = false;
      if (this.#closed || this.#ready.length >= this.#size) return;
      try {
        this.#ready.push(this.#create());
      } catch {
        return; // take() tries again, and tells.
      }
      this.#fill();
    }).unref();
  }
}
