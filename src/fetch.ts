/**
 * Requests that leave from inside a network namespace, and are read outside.
 *
 * @module
 */

import { wrongType } from "./check.ts";
import { collectableStream } from "./fetch/collectable_stream.ts";
import { makeResponse } from "./fetch/make_response.ts";
import type { FetchHead, FetchOrder } from "./fetch/order.ts";
import { contentType, type RequestBody, requestBody } from "./fetch/request_body.ts";
import { readUrl } from "./fetch/request_url.ts";
import type { Uploads } from "./fetch/uploads.ts";
import type { NamespaceThread } from "./thread/thread.ts";

/** Files up to this size are sent with their length, others as a stream. */
const maxBlob = 16 * 1024 * 1024;

/** What a request is bound to. */
export interface FetchBinding {
  signal?: AbortSignal | undefined;
  timeout?: number | undefined;
}

/** Where a request is made. */
export interface FetchPlace {
  /** The thread; asked for once the request is known to be good. */
  thread(): NamespaceThread;
  uploads: Uploads;
}

/** As `fetch`, but from inside. */
export async function fetchInside(
  place: FetchPlace,
  input: string | URL | Request,
  init: RequestInit | undefined,
  binding: FetchBinding,
): Promise<Response> {
  const { signal: own, body: given, method: _, headers: __, redirect: ___, ...rest } = init ?? {};
  if (own !== undefined && own !== null && !(own instanceof AbortSignal)) {
    throw wrongType("init.signal", "an AbortSignal", own);
  }
  if ("Bun" in globalThis) readUrl(input);
  const request = new Request(input as Request, { ...init, signal: null } as RequestInit);
  // These make no network traffic, and blobs are known to this thread only.
  if (!/^https?:$/.test(new URL(request.url).protocol)) return await fetch(input as string, init);
  const source = input instanceof Request ? input : undefined;
  const signal = anyOf(own === undefined ? source?.signal : own, binding);
  if (signal?.aborted) throw signal.reason;
  const headers = [...request.headers];
  // Bun copies the body of a request that another is made of.
  const carrier = "Bun" in globalThis && given === undefined ? source ?? request : request;
  const body = await requestBody(carrier, given);
  const type = contentType(body);
  if (type !== undefined && !request.headers.has("content-type")) {
    headers.push(["content-type", type]);
  }
  const { duplex: ____, ...others } = rest as RequestInit & { duplex?: unknown };
  const thread = place.thread();
  const sent = await sendable(body, place.uploads);
  const order: FetchOrder = {
    url: request.url,
    method: request.method,
    headers,
    body: sent,
    redirect: request.redirect,
    init: others,
  };
  try {
    return toResponse(thread, await thread.fetch(order, { signal }), signal);
  } catch (error) {
    if (sent !== undefined && "id" in sent) place.uploads.cancel(sent.id, error);
    throw error;
  }
}

/** The first of several signals, and a time limit. */
function anyOf(
  own: AbortSignal | null | undefined,
  { signal, timeout }: FetchBinding,
): AbortSignal | undefined {
  const limit = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
  const signals = [own, signal, limit].filter((one) => one !== undefined && one !== null);
  return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
}

async function sendable(
  body: RequestBody | undefined,
  uploads: Uploads,
): Promise<FetchOrder["body"]> {
  if (body === undefined || "bytes" in body) return body;
  if ("stream" in body) return { id: uploads.add(body.stream) };
  if (body.blob.size > maxBlob) return { id: uploads.add(body.blob.stream()) };
  return { bytes: new Uint8Array(await body.blob.arrayBuffer()) };
}

function toResponse(
  thread: NamespaceThread,
  head: FetchHead,
  signal: AbortSignal | undefined,
): Response {
  const { begun, body, headers, statusText } = head;
  const isWhole = body === undefined && signal === undefined;
  const content = begun === undefined || isWhole ? begun : bodyOf(thread, head, begun, signal);
  return makeResponse(content, { statusText, headers: new Headers(headers) }, head);
}

/** The body of a response; a chunk is asked for when one is read. */
function bodyOf(
  thread: NamespaceThread,
  { body }: FetchHead,
  begun: Uint8Array,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  return collectableStream((sink) => {
    const ended = () => signal?.removeEventListener("abort", onAbort);
    const cancel = () => {
      ended();
      if (body !== undefined) thread.release(body);
    };
    const onAbort = () => {
      sink.fail(signal!.reason);
      cancel();
    };
    const onChunk = (chunk: Uint8Array | undefined) => {
      if (chunk !== undefined) return sink.chunk(chunk);
      ended();
      sink.end();
    };
    const onError = (error: unknown) => {
      ended();
      sink.fail(error);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    let rest = begun.byteLength > 0 ? begun : undefined;
    const pull = () => {
      const chunk = rest;
      rest = undefined;
      if (chunk !== undefined || body === undefined) onChunk(chunk);
      else thread.read(body).then(onChunk, onError);
    };
    return { pull, cancel };
  });
}
