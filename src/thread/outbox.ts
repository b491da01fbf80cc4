/**
 * What is posted to a namespace thread. Calls of one function that are made in the same turn of the
 * event loop travel together, as a message costs more than all else of a call.
 *
 * @module
 */

import { bareCall, type KnownHandle, type PlainCalls, type ToThread } from "./protocol.ts";

/** With so many the thread begins while the others are still being made. */
const MAX_TOGETHER = 32;

/** Posts messages in the order in which they were given. */
export class Outbox {
  readonly #post: (message: ToThread, transfer?: readonly object[]) => void;
  readonly #onFailure: (id: number, cause: unknown) => void;
  /** Whether a call of this turn has been posted: the first one does not wait for its end. */
  #inTurn = false;
  #together: PlainCalls | undefined;
  /** Of the call that was made last in this turn, if nothing else was posted since. */
  #source: string | undefined;
  #host: KnownHandle | undefined;
  #inARow = 0;

  /**
   * @param post Posts a message.
   * @param onFailure Told of a call that could not be posted after it was made.
   */
  constructor(
    post: (message: ToThread, transfer?: readonly object[]) => void,
    onFailure: (id: number, cause: unknown) => void,
  ) {
    this.#post = post;
    this.#onFailure = onFailure;
  }

  /** Whether so many calls of one function were made in a row that a loop makes them. */
  get inLoop(): boolean {
    return this.#source !== undefined && this.#inARow > MAX_TOGETHER;
  }

  /** Posts a message. Throws when a value in it cannot be cloned. */
  post(message: ToThread, transfer?: readonly object[]): void {
    this.#source = undefined;
    this.#flush();
    this.#post(message, transfer);
  }

  /** Posts a call whose arguments are primitive values, which stay as they are. Throws as post(). */
  call(id: number, source: string, given: readonly unknown[], host: KnownHandle): void {
    const args = given.length === 0 ? undefined : given;
    const together = this.#together;
    const isSame = source === this.#source && host === this.#host;
    this.#inARow = isSame ? this.#inARow + 1 : 1;
    if (isSame && together !== undefined && together.length < 2 + 2 * MAX_TOGETHER) {
      together.push(id, args);
      return;
    }
    this.#flush();
    this.#source = source;
    this.#host = host;
    if (this.#inTurn) {
      this.#together = [source, host, id, args];
      return;
    }
    const isBare = args === undefined && typeof host === "number";
    this.#post(isBare ? bareCall(id, host, source) : [source, host, id, args]);
    this.#inTurn = true;
    Promise.resolve().then(() => {
      this.#inTurn = false;
      this.#source = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    const together = this.#together;
    if (together === undefined) return;
    this.#together = undefined;
    try {
      this.#post(together);
    } catch (cause) {
      const [, , ...calls] = together;
      for (let index = 0; index < calls.length; index += 2) {
        this.#onFailure(calls[index] as number, cause);
      }
    }
  }
}
