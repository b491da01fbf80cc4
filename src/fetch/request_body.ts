/**
 * The body of a request: bytes, which can be sent again, or a stream, which cannot.
 *
 * @module
 */

import { argumentError } from "./request_url.ts";

/** What a request carries. */
export type RequestBody =
  | { bytes: Uint8Array }
  | { blob: Blob }
  | { stream: ReadableStream<unknown> };

/**
 * The body of a request.
 *
 * @param request The request that was made of `input` and `init`.
 * @param given The `body` of `init`.
 * @returns The body; undefined when there is none.
 */
export async function requestBody(
  request: Request,
  given: unknown,
): Promise<RequestBody | undefined> {
  if (request.body === null) return undefined;
  if (given instanceof Blob) return { blob: given };
  if (isStream(given)) return { stream: request.body };
  if (given !== undefined && given !== null) {
    return { bytes: new Uint8Array(await request.arrayBuffer()) };
  }
  return await unread(request.body);
}

/** How long a body is, if that is known. */
export function bodyLength(body: RequestBody | undefined): number | undefined {
  if (body === undefined) return 0;
  if ("bytes" in body) return body.bytes.byteLength;
  return "blob" in body ? body.blob.size : undefined;
}

/** The type that a body brings along; Bun does not put that of a file among the headers. */
export function contentType(body: RequestBody | undefined): string | undefined {
  return body !== undefined && "blob" in body ? body.blob.type || undefined : undefined;
}

function isStream(given: unknown): boolean {
  if (typeof given === "function") return true;
  return typeof given === "object" && given !== null && Symbol.asyncIterator in given;
}

/**
 * The body of a `Request`, which does not tell what it was made of: what comes as one chunk that is
 * there at once is bytes.
 */
async function unread(body: ReadableStream<unknown>): Promise<RequestBody> {
  const reader = body.getReader();
  const first = await reader.read();
  if (first.done) return { bytes: new Uint8Array(0) };
  let next: ReturnType<typeof reader.read> | undefined = reader.read();
  const turn = new Promise<undefined>((done) => setImmediate(() => done(undefined)));
  const soon = await Promise.race([next, turn]);
  if (soon?.done) return { bytes: toBytes(first.value) };
  let begun = false;
  const stream = new ReadableStream<unknown>({
    async pull(controller) {
      if (!begun) {
        begun = true;
        return controller.enqueue(first.value);
      }
      const chunk = await (next ?? reader.read());
      next = undefined;
      if (chunk.done) controller.close();
      else controller.enqueue(chunk.value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { stream };
}

/** The bytes of a chunk; throws when it is none. */
export function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk)) {
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  if (chunk instanceof ArrayBuffer || chunk instanceof SharedArrayBuffer) {
    return new Uint8Array(chunk);
  }
  throw argumentError(
    "ERR_INVALID_ARG_TYPE",
    "write() expects a string, ArrayBufferView, or ArrayBuffer",
  );
}
