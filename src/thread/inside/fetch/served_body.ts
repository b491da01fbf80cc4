/**
 * The body of a response that another thread reads.
 *
 * @module
 */

import { clearImmediate, setImmediate } from "node:timers";
import { concatenate } from "../../../../ffi/concatenate.ts";
import { ownBytes } from "../../../fetch/own_bytes.ts";
import type { BodyReader, Read } from "./body_reader.ts";

/** What is sent with the head at most, in bytes. */
const MAX_BEGUN = 64 * 1024;

/** The chunks of a body. */
export class ServedBody {
  /** Whether all has been read. */
  ended = false;
  readonly #reader: BodyReader;
  readonly #length: number | undefined;
  #pending: Promise<Read> | undefined;

  /** @param length How long it is, where that is known. */
  constructor(reader: BodyReader, length: number | undefined) {
    this.#reader = reader;
    this.#length = length;
  }

  /** What is there already: most bodies come with the head, and need no messages of their own. */
  async begin(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    while (!this.ended && length < MAX_BEGUN) {
      this.#pending = this.#reader.read();
      if (length === this.#length) {
        // The end lets go of the connection; what it would tell is known.
        this.#pending.catch(() => {});
        this.ended = true;
        break;
      }
      const read = await soon(this.#pending);
      if (read === undefined) break; // It goes on, or fails, with the next read().
      this.#pending = undefined;
      if (read.done) this.ended = true;
      else {
        chunks.push(read.value!);
        length += read.value!.byteLength;
      }
    }
    return chunks.length === 1 ? ownBytes(chunks[0]!) : concatenate(chunks);
  }

  /** The next chunk; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    const pending = this.#pending ?? this.#reader.read();
    this.#pending = undefined;
    const { done, value } = await pending;
    this.ended = done;
    return done ? undefined : ownBytes(value!);
  }

  /** Lets go of the body, and of the connection that it comes over. */
  cancel(): void {
    this.#reader.cancel().catch(() => {});
  }
}

/** What was read, if it is there when the event loop has looked for input once more. */
function soon(read: Promise<Read>): Promise<Read | undefined> {
  return new Promise((resolve) => {
    let turn = setImmediate(() => turn = setImmediate(() => resolve(undefined)));
    const settle = (read?: Read) => {
      clearImmediate(turn);
      resolve(read);
    };
    read.then(settle, () => settle());
  });
}
