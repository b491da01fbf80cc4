/**
 * Streams whose source lets go when nobody can read them any more.
 *
 * @module
 */

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Where the chunks of a {@linkcode collectableStream} come from. */
export interface StreamSource {
  /** Asks for the next chunk. */
  pull(): void;
  /** Stops; also called when the stream was dropped. */
  cancel(reason: unknown): void;
}

/** What a source tells its stream. */
export interface StreamSink {
  /** Hands over a chunk. */
  chunk(bytes: Uint8Array): void;
  /** There is no more. */
  end(): void;
  /** There will be no more, because of an error. */
  fail(error: unknown): void;
}

let dropped: FinalizationRegistry<StreamSource> | undefined;

/**
 * A stream of bytes that asks its source for a chunk when one is read. The source is referred to by
 * what lives on - a socket, a port - and must therefore not keep the stream: it does so only
 * while a read is pending.
 *
 * @param start Makes the source.
 * @returns The stream.
 */
export function collectableStream(
  start: (sink: StreamSink) => StreamSource,
): ReadableStream<Uint8Array> {
  const reached: { weak?: WeakRef<Controller>; reading?: Controller | undefined } = {};
  let ended = false;
  const finish = (settle: (controller: Controller) => void) => {
    if (ended) return;
    ended = true;
    const controller = reached.reading ?? reached.weak!.deref();
    reached.reading = undefined;
    if (controller !== undefined) settle(controller);
  };
  const source = start({
    chunk(bytes) {
      if (ended) return;
      const controller = reached.reading ?? reached.weak!.deref();
      reached.reading = undefined;
      controller?.enqueue(bytes);
    },
    end: () => finish((controller) => controller.close()),
    fail: (error) => finish((controller) => controller.error(error)),
  });
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      reached.weak = new WeakRef(controller);
    },
    pull(controller) {
      reached.reading = controller;
      source.pull();
    },
    cancel(reason) {
      ended = true;
      reached.reading = undefined;
      source.cancel(reason);
    },
  }, { highWaterMark: 0 });
  dropped ??= new FinalizationRegistry((source) => source.cancel(undefined));
  dropped.register(stream, source);
  return stream;
}
