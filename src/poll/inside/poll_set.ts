/**
 * The descriptors that are polled: an array of `struct pollfd`.
 *
 * @module
 */

import { POLLIN } from "../../../ffi/constants.ts";

/** The size of a `struct pollfd`: the descriptor at 0, events at 4, what happened at 6. */
const SIZE = 8;

/** Descriptors to wait for until they can be read. */
export class PollSet {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(new ArrayBuffer(16 * SIZE));
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;

  /** The array for poll(2). */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** How many descriptors it has. */
  get length(): number {
    return this.#length;
  }

  /** Adds a descriptor; once is enough. */
  add(fd: number): void {
    if (this.#indexOf(fd) >= 0) return;
    if (this.#length * SIZE === this.#bytes.byteLength) this.#grow();
    const at = this.#length++ * SIZE;
    this.#view.setInt32(at, fd, true);
    this.#view.setInt16(at + 4, POLLIN, true);
    this.#view.setInt16(at + 6, 0, true);
  }

  /** Removes a descriptor, if it is there. */
  delete(fd: number): void {
    const index = this.#indexOf(fd);
    if (index < 0) return;
    const last = --this.#length * SIZE;
    this.#bytes.copyWithin(index * SIZE, last, last + SIZE);
  }

  /** The descriptors of which poll(2) said something, be it an error. */
  ready(): number[] {
    const fds: number[] = [];
    for (let at = 0; at < this.#length * SIZE; at += SIZE) {
      if (this.#view.getInt16(at + 6, true) !== 0) fds.push(this.#view.getInt32(at, true));
    }
    return fds;
  }

  #indexOf(fd: number): number {
    for (let index = 0; index < this.#length; index++) {
      if (this.#view.getInt32(index * SIZE, true) === fd) return index;
    }
    return -1;
  }

  #grow(): void {
    const larger = new Uint8Array(new ArrayBuffer(2 * this.#bytes.byteLength));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
