/**
 * Readers of bodies, chunk by chunk.
 *
 * @module
 */

import type { StreamSink, StreamSource } from "../../../fetch/collectable_stream.ts";

/** What a read gives. */
export interface Read {
  done: boolean;
  value?: Uint8Array | undefined;
}

/** Reads a body; one read is waited for at a time. */
export interface BodyReader {
  read(): Promise<Read>;
  /** Lets go of the body, and of the connection that it comes over. */
  cancel(): Promise<void>;
}

/** Most bytes of one chunk, as Deno reads them by itself. */
const MAX_CHUNK = 64 * 1024;

/**
 * The reader of a stream.
 *
 * @param stream The body of a response.
 * @param length How long it is, where that is known.
 */
export function streamReader(
  stream: ReadableStream<Uint8Array>,
  length: number | undefined,
): BodyReader {
  return "Deno" in globalThis ? byteReader(stream, length) : stream.getReader();
}

/** Has Deno read into buffers that are no larger than the body: it clears 64 KiB for each read. */
function byteReader(stream: ReadableStream<Uint8Array>, length = Infinity): BodyReader {
  const reader = stream.getReader({ mode: "byob" });
  let left = length;
  return {
    async read() {
      const { done, value } = await reader.read(
        new Uint8Array(Math.max(1, Math.min(left, MAX_CHUNK))),
      );
      left -= value?.byteLength ?? 0;
      return { done, value };
    },
    cancel: () => reader.cancel(),
  };
}

/** Reads a source without a stream in between. */
export class SourceReader implements BodyReader {
  readonly #source: StreamSource;
  /** What came without being asked for. */
  readonly #early: Promise<Read>[] = [];
  #settle: ((read: Promise<Read>) => void) | undefined;

  /** @param start Makes the source. */
  constructor(start: (sink: StreamSink) => StreamSource) {
    this.#source = start({
      chunk: (value) => this.#came(Promise.resolve({ done: false, value })),
      end: () => this.#came(Promise.resolve({ done: true })),
      fail: (error) => this.#came(Promise.reject(error)),
    });
  }

  read(): Promise<Read> {
    const early = this.#early.shift();
    if (early !== undefined) return early;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#source.pull();
    });
  }

  cancel(): Promise<void> {
    this.#source.cancel(undefined);
    return Promise.resolve();
  }

  #came(read: Promise<Read>): void {
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle !== undefined) return settle(read);
    read.catch(() => {});
    this.#early.push(read);
  }
}
