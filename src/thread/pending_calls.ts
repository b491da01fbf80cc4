/**
 * The calls that a namespace thread has not answered yet.
 *
 * @module
 */

/** One call that waits for its answer. */
export interface PendingCall {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Where the call was made, for the stack of an error; not taken for the calls of a loop. */
  caller: Error | undefined;
  /** Called once when the call is settled, whatever the outcome. */
  settled?: () => void;
}

/** A table of pending calls. Tells when it becomes busy and when it becomes idle. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  readonly #onBusy: () => void;
  readonly #onIdle: () => void;
  #waiting: (() => void)[] = [];
  #lastId = 0;

  constructor(onBusy: () => void, onIdle: () => void) {
    this.#onBusy = onBusy;
    this.#onIdle = onIdle;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** The id of a call to come. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Enters a call. */
  add(id: number, call: PendingCall): void {
    this.#calls.set(id, call);
    if (this.#calls.size === 1) this.#onBusy();
  }

  /** Takes a call out, for the caller to settle; undefined when it was settled before. */
  take(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    if (call === undefined) return undefined;
    this.#calls.delete(id);
    call.settled?.();
    if (this.#calls.size === 0) this.#becameIdle();
    return call;
  }

  /** Rejects every call. */
  rejectAll(reason: (call: PendingCall) => unknown): void {
    for (const id of [...this.#calls.keys()]) {
      const call = this.take(id);
      call?.reject(reason(call));
    }
  }

  /** Resolves once no call is pending. */
  idle(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #becameIdle(): void {
    this.#onIdle();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
