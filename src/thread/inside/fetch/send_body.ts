/**
 * Sends the body of a request.
 *
 * @module
 */

import type { ClientRequest } from "node:http";
import zlib from "node:zlib";
import { type RequestBody, toBytes } from "../../../fetch/request_body.ts";
import { argumentError } from "../../../fetch/request_url.ts";

/** Compresses bytes as the `compress` option says; returns the encoding that was applied. */
export function compress(body: { bytes: Uint8Array }, option: unknown): string | undefined {
  if (option === undefined || option === null || option === false) return undefined;
  const { encoding, level } = typeof option === "object"
    ? option as { encoding?: string; level?: number }
    : { encoding: option === true ? "gzip" : String(option), level: undefined };
  const { constants } = zlib;
  const options = level === undefined ? {} : { level };
  switch (encoding) {
    case "gzip":
      body.bytes = zlib.gzipSync(body.bytes, options);
      break;
    case "deflate":
      body.bytes = zlib.deflateSync(body.bytes, options);
      break;
    case "br": {
      const params = level === undefined ? {} : { [constants.BROTLI_PARAM_QUALITY]: level };
      body.bytes = zlib.brotliCompressSync(body.bytes, { params });
      break;
    }
    case "zstd": {
      const params = level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level };
      body.bytes = zlib.zstdCompressSync(body.bytes, { params });
      break;
    }
    default:
      throw argumentError("ERR_INVALID_ARG_VALUE", `compress is not known: ${encoding}`);
  }
  return encoding;
}

/**
 * Sends a body, no faster than the connection takes it.
 *
 * @param body The body.
 * @param request Where it goes; it is ended.
 * @returns Resolves when all is handed over. Rejects when the stream fails.
 */
export async function sendBody(
  body: RequestBody,
  request: ClientRequest,
): Promise<void> {
  if ("bytes" in body) return void request.end(body.bytes);
  const stream: ReadableStream<unknown> = "blob" in body ? body.blob.stream() : body.stream;
  const reader = stream.getReader();
  const closed = new Promise<"closed">((resolve) => request.once("close", () => resolve("closed")));
  request.flushHeaders();
  for (;;) {
    const chunk = await Promise.race([reader.read(), closed]);
    if (chunk === "closed") return void await reader.cancel(request.errored ?? undefined);
    if (chunk.done) return void request.end();
    const bytes = toBytes(chunk.value);
    if (bytes.byteLength === 0 || request.write(bytes)) continue;
    await Promise.race([new Promise((resolve) => request.once("drain", resolve)), closed]);
  }
}
