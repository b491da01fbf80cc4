/**
 * Leaves the event loop its turn in long work, and waits for what is not there yet.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";

/** After so many ms of work on end others have their turn. */
const TURN = 8;

/** How long the kernel may take to answer, in ms. It has usually done so before it is asked. */
const PATIENCE = 5000;

/** The rhythm of one piece of work. */
export class Pace {
  #turn: number = performance.now();
  #waiting: number | undefined;

  /** Whether others should have their turn. */
  get due(): boolean {
    return performance.now() - this.#turn > TURN;
  }

  /** Lets others have their turn. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => builtin.timers.setImmediate(resolve));
    this.rested();
  }

  /** Says that others had their turn. */
  rested(): void {
    this.#turn = performance.now();
  }

  /** Says that something came. */
  progress(): void {
    this.#waiting = undefined;
  }

  /** Waits a little for something to come; false when it has taken too long. */
  async wait(): Promise<boolean> {
    const now = performance.now();
    this.#waiting ??= now;
    if (now - this.#waiting > PATIENCE) return false;
    await builtin.timers.promises.setTimeout(1);
    this.rested();
    return true;
  }
}
