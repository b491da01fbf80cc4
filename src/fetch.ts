/**
 * Requests that leave from inside a network namespace, and are read outside.
 *
 * @module
 */

import { wrongType } from "./check.ts";
import { collectableStream } from "./fetch/collectable_stream.ts";
import { headerLines, headerPairs } from "./fetch/header_pairs.ts";
import { makeResponse } from "./fetch/make_response.ts";
import type { FetchHead, FetchOrder } from "./fetch/order.ts";
import { contentType, type RequestBody, requestBody } from "./fetch/request_body.ts";
import { readUrl } from "./fetch/request_url.ts";
import type { Uploads } from "./fetch/uploads.ts";
import { onAbort } from "./on_abort.ts";
import type { NamespaceThread } from "./thread/thread.ts";

/** Files up to this size are sent with their length, others as a stream. */
const MAX_BLOB = 16 * 1024 * 1024;

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
  const plain = init === undefined ? plainUrl(input) : undefined;
  if (plain !== undefined) return await send(place, plainGet(plain), anyOf(undefined, binding));
  const { signal: own, body: given } = init ?? {};
  if (own !== undefined && own !== null && !(own instanceof AbortSignal)) {
    throw wrongType("init.signal", "an AbortSignal", own);
  }
  if ("Bun" in globalThis) readUrl(input);
  const request = new Request(input as Request, { ...init, signal: null } as RequestInit);
  const { url, method, redirect } = request;
  const source = input instanceof Request ? input : undefined;
  const signal = anyOf(own === undefined ? source?.signal : own, binding);
  if (signal?.aborted) throw signal.reason;
  if (isLocal(url)) return await fetch(input as string, { ...init, signal: signal ?? null });
  const headers = headerLines(request.headers);
  // Bun copies the body of a request that another is made of.
  const carrier = "Bun" in globalThis && given === undefined ? source ?? request : request;
  const body = await requestBody(carrier, given);
  const type = contentType(body);
  if (type !== undefined && !request.headers.has("content-type")) {
    headers.push("content-type", type);
  }
  const others = Object.fromEntries(
    Object.entries(init ?? {}).filter(([name]) => !ownMembers.has(name)),
  );
  return await send(place, { url, method, redirect, headers, body, others }, signal);
}

/** The options that are sent as members of their own. */
const ownMembers = new Set(["signal", "body", "method", "headers", "redirect", "duplex"]);

/**
 * Whether no network is asked: this thread alone knows its blobs, and the others are the same inside.
 * Bun's own schemes ask one; what is not known to ask none is for the thread to refuse.
 */
function isLocal(url: string): boolean {
  return /^(about|blob|data|file):/i.test(url);
}

/** The URL of what needs no `Request` to be understood, as making one takes long. */
function plainUrl(input: string | URL | Request): string | undefined {
  const text = input instanceof URL ? input.href : input;
  if (typeof text !== "string" || !/^https?:/.test(text) || !URL.canParse(text)) return undefined;
  const { href, username, password } = new URL(text);
  return username === "" && password === "" ? href : undefined;
}

type Wish = Omit<FetchOrder, "body"> & { body: RequestBody | undefined };

function plainGet(url: string): Wish {
  return { url, method: "GET", redirect: "follow", headers: [], body: undefined, others: {} };
}

async function send(
  place: FetchPlace,
  { body, ...wish }: Wish,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (signal?.aborted) throw signal.reason;
  const thread = place.thread();
  const sent = body && await sendable(body, place.uploads);
  try {
    const head = await thread.fetch({ ...wish, body: sent }, { signal });
    return toResponse(thread, wish.url, head, signal);
  } catch (error) {
    if (typeof sent === "number") place.uploads.cancel(sent, error);
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

/** What is sent of a body: bytes, or the number of a stream. */
async function sendable(body: RequestBody, uploads: Uploads): Promise<Uint8Array | number> {
  if ("bytes" in body) return body.bytes;
  if ("stream" in body) return uploads.add(body.stream);
  if (body.blob.size > MAX_BLOB) return uploads.add(body.blob.stream());
  return new Uint8Array(await body.blob.arrayBuffer());
}

function toResponse(
  thread: NamespaceThread,
  asked: string,
  [status, statusText, url = asked, redirected, type, begun, body, ...lines]: FetchHead,
  signal: AbortSignal | undefined,
): Response {
  const headers = headerPairs(lines);
  const isWhole = body === undefined && signal === undefined;
  const content = begun === undefined || isWhole ? begun : bodyOf(thread, body, begun, signal);
  return makeResponse(content, { statusText, headers }, { status, url, redirected, type });
}

/** The body of a response; a chunk is asked for when one is read. */
function bodyOf(
  thread: NamespaceThread,
  body: number | undefined,
  begun: Uint8Array,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  return collectableStream((sink) => {
    const ended = () => signal?.removeEventListener("abort", abort);
    const cancel = () => {
      ended();
      if (body !== undefined) thread.release(body);
    };
    const abort = () => {
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
    if (signal) onAbort(signal, abort);
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
