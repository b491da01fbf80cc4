/**
 * A call that is running in a namespace thread, and can be aborted.
 *
 * @module
 */

/** One call. Few look at their signal, and making one takes longer than all else of a call. */
export class RunningCall {
  #controller: AbortController | undefined;
  #abortion: { readonly reason: unknown } | undefined;

  /** Fires when the caller gives the call up. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortion !== undefined) this.#controller.abort(this.#abortion.reason);
    }
    return this.#controller.signal;
  }

  /** Fires the signal. */
  abort(reason: unknown): void {
    this.#abortion ??= { reason };
    this.#controller?.abort(reason);
  }
}
