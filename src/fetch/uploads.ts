/**
 * Streams that a thread reads for the body of a request.
 *
 * @module
 */

interface Reader {
  read(): Promise<{ done: boolean; value?: unknown }>;
  cancel(reason?: unknown): Promise<void>;
}

/** The streams of the requests of one handle. */
export class Uploads {
  readonly #readers = new Map<number, Reader>();
  #lastId = 0;

  /** Enters a stream; returns its number. */
  add(stream: ReadableStream<unknown>): number {
    const id = ++this.#lastId;
    this.#readers.set(id, stream.getReader());
    return id;
  }

  /** The next chunk; undefined at the end. */
  async read(id: number): Promise<unknown> {
    const { done, value } = await this.#readers.get(id)?.read() ?? { done: true };
    if (done) this.#readers.delete(id);
    return value;
  }

  /** Cancels a stream that has not been read to its end. */
  cancel(id: number, reason?: unknown): void {
    this.#readers.get(id)?.cancel(reason).catch(() => {});
    this.#readers.delete(id);
  }
}
