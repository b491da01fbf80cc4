/**
 * The body of a response: decoded as its Content-Encoding says, and read no faster than it is
 * wanted.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import stream, { type Duplex, type Readable } from "node:stream";
import zlib from "node:zlib";
import {
  collectableStream,
  type StreamSink,
  type StreamSource,
} from "../../../fetch/collectable_stream.ts";
import { ownBytes } from "../../../fetch/own_bytes.ts";
import { requestError, socketError } from "./errors.ts";

/** How a body is made into a stream. */
export interface BodyOptions {
  url: string;
  signal: AbortSignal | undefined;
  decompress: boolean;
}

/** The body of a response as a stream. */
export function responseBody(
  message: IncomingMessage,
  options: BodyOptions,
): ReadableStream<Uint8Array> {
  return collectableStream((sink) => bodySource(message, options, sink));
}

/**
 * The body of a response that is there to its end already.
 *
 * @returns Undefined where something is still to come, or is to be decoded.
 */
export function wholeBody(
  message: IncomingMessage,
  options: BodyOptions,
): Uint8Array | undefined {
  if (!message.complete || codingOf(message, options) !== undefined) return undefined;
  message.on("error", () => {});
  const bytes = message.read() as Uint8Array | null;
  return bytes === null ? new Uint8Array(0) : ownBytes(bytes);
}

function codingOf(message: IncomingMessage, { decompress }: BodyOptions): string | undefined {
  return decompress ? message.headers["content-encoding"]?.trim().toLowerCase() : undefined;
}

/** Where the chunks of a body come from. */
export function bodySource(
  message: IncomingMessage,
  options: BodyOptions,
  sink: StreamSink,
): StreamSource {
  const { url, signal } = options;
  const coding = codingOf(message, options);
  const decoded = decode(message, coding);
  const stop = () => {
    signal?.removeEventListener("abort", onAbort);
    if (decoded !== message) decoded.destroy();
    if (!message.complete) message.destroy();
  };
  const fail = (error: unknown) => {
    sink.fail(error);
    stop();
  };
  const onAbort = () => fail(signal!.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  message.on("error", (error) => fail(socketError(error, url)));
  message.on("aborted", () => fail(requestError("ECONNRESET", url)));
  message.on("close", () => message.complete || fail(requestError("ECONNRESET", url)));
  if (decoded !== message) {
    decoded.on("error", (cause) => fail(requestError(decodeErrors[coding!]!, url, { cause })));
  }
  decoded.on("data", (chunk: Uint8Array) => {
    decoded.pause();
    sink.chunk(ownBytes(chunk));
  });
  decoded.on("end", () => {
    stop();
    // By then the connection is free, and the caller's next request can use it.
    setImmediate(() => sink.end());
  });
  decoded.pause();
  return { pull: () => decoded.resume(), cancel: stop };
}

const decodeErrors: Readonly<Record<string, string>> = {
  gzip: "ZlibError",
  "x-gzip": "ZlibError",
  deflate: "ZlibError",
  br: "BrotliDecompressionError",
  zstd: "ZstdDecompressionError",
};

function decode(message: IncomingMessage, coding: string | undefined): Readable {
  if (coding === "deflate") return inflate(message);
  const decoder = decoderFor(coding);
  return decoder === undefined ? message : message.pipe(decoder);
}

function decoderFor(coding: string | undefined): Duplex | undefined {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "br":
      return zlib.createBrotliDecompress();
    case "zstd":
      return zlib.createZstdDecompress();
    default:
      return undefined;
  }
}

/** Some servers send raw deflate where RFC 9110 wants the zlib format: the first bytes tell. */
function inflate(message: IncomingMessage): Readable {
  const inflated = new stream.PassThrough();
  message.once("readable", () => {
    const first = message.read() as Uint8Array | null;
    if (first === null) return inflated.end();
    message.unshift(first);
    const [method = 0, flags = 0] = first;
    const isZlib = (method & 0x0f) === 8 && (method << 8 | flags) % 31 === 0;
    const decoder = isZlib ? zlib.createInflate() : zlib.createInflateRaw();
    stream.pipeline(message, decoder, inflated, () => {});
  });
  return inflated;
}
