/**
 * Requests that this thread makes for `ns.fetch()` of the main thread.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { headerLines, headerPairs } from "../../../fetch/header_pairs.ts";
import type { FetchHead, FetchOrder } from "../../../fetch/order.ts";
import type { RemoteHandles } from "../remote_handles.ts";
import { SourceReader, streamReader } from "./body_reader.ts";
import { follow } from "./fetch.ts";
import { type FetchRequest, OtherScheme, readRequest } from "./request.ts";
import { bodySource, wholeBody } from "./response_body.ts";
import { hasBody, responseHeaders, responseType } from "./response.ts";
import { ServedBody } from "./served_body.ts";

/** The beginning of a response. */
interface Answer {
  status: number;
  statusText: string;
  /** Undefined where it is that of the request. */
  url: string | undefined;
  redirected: boolean;
  type: string;
  headers: Headers;
  /** Bytes, where all is there already. */
  body: Uint8Array | ServedBody | undefined;
}

/** The requests, and the bodies of responses that have not been read to their end. */
export class ServedFetches {
  readonly #remote: RemoteHandles;
  readonly #isOverSockets: () => boolean;
  readonly #bodies = new Map<number, ServedBody>();

  /** @param isOverSockets Whether `fetch` goes over sockets of this thread at present. */
  constructor(remote: RemoteHandles, isOverSockets: () => boolean) {
    this.#remote = remote;
    this.#isOverSockets = isOverSockets;
  }

  /**
   * Makes a request.
   *
   * @param id The number of the request, and of what is left of the body of its response.
   * @param order The request.
   * @param signal What aborts it, if that may be.
   * @returns What is sent to the main thread.
   */
  async fetch(id: number, order: FetchOrder, signal: AbortSignal | undefined): Promise<FetchHead> {
    const init = this.#init(order, signal);
    const answer = this.#isOverSockets()
      ? await overSockets(order.url, init, signal)
      : await natively(order.url, init, signal);
    const { status, statusText, url, redirected, type, headers, body } = answer;
    const begun = body instanceof ServedBody ? await body.begin() : body;
    const isOpen = body instanceof ServedBody && !body.ended;
    if (isOpen) this.#bodies.set(id, body);
    const rest = isOpen ? id : undefined;
    return [status, statusText, url, redirected, type, begun, rest, ...headerLines(headers)];
  }

  /** What fetch is given beside the URL: nothing, where nothing is asked for. */
  #init(order: FetchOrder, signal: AbortSignal | undefined): RequestInit | undefined {
    const { method, headers, redirect, body, others } = order;
    const isPlain = method === "GET" && redirect === "follow" && headers.length === 0 &&
      body === undefined && signal === undefined && Object.keys(others).length === 0;
    if (isPlain) return undefined;
    return {
      ...others,
      method,
      headers: headerPairs(headers),
      redirect,
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined ? {} : { body: this.#body(body, signal), duplex: "half" }),
    } as RequestInit;
  }

  /** The next chunk of a body; undefined at its end. */
  async read(id: number): Promise<Uint8Array | undefined> {
    let chunk: Uint8Array | undefined;
    try {
      chunk = await this.#bodies.get(id)?.read();
    } finally {
      if (chunk === undefined) this.#bodies.delete(id); // It has ended, or failed.
    }
    return chunk;
  }

  /** Lets go of a body, and of the connection that it comes over. */
  release(id: number): void {
    this.#bodies.get(id)?.cancel();
    this.#bodies.delete(id);
  }

  #body(body: NonNullable<FetchOrder["body"]>, signal: AbortSignal | undefined): unknown {
    if (typeof body === "number") return this.#upload(body, signal);
    // Node 20 cannot send bytes once more when it is redirected; a blob it can.
    const isNode = !("Bun" in globalThis || "Deno" in globalThis);
    return isNode ? new Blob([body as Uint8Array<ArrayBuffer>]) : body;
  }

  /** A stream that the main thread has. It ends with the request, which may wait for it. */
  #upload(id: number, signal: AbortSignal | undefined): ReadableStream<unknown> {
    const ask = (method: "readBody" | "cancelBody", ...args: unknown[]) =>
      this.#remote.request(this.#remote.description, method, [id, ...args]);
    return new ReadableStream<unknown>({
      start(controller) {
        signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
      },
      async pull(controller) {
        const chunk = await ask("readBody");
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
      async cancel() {
        await ask("cancelBody");
      },
    }, { highWaterMark: 0 });
  }
}

/** Makes a request by the runtime's own fetch. */
async function natively(
  asked: string,
  init: RequestInit | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const response = await fetch(asked, init);
  if (signal?.aborted) {
    response.body?.cancel().catch(() => {});
    throw signal.reason;
  }
  const { status, statusText, redirected, type, headers, body } = response;
  // To ask for the URL takes longer than the rest.
  const url = redirected || asked.includes("#") ? response.url : undefined;
  const length = lengthOf(headers);
  const served = body === null ? undefined : new ServedBody(streamReader(body, length), length);
  return { status, statusText, url, redirected, type, headers, body: served };
}

/** Makes a request over a socket of this thread, without a `Response` in between. */
async function overSockets(
  asked: string,
  init: RequestInit | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const request = await readRequest(asked, init, undefined);
  if (request instanceof OtherScheme) return await natively(asked, init, signal);
  const { message, redirected } = await follow(request);
  if (signal?.aborted) {
    message.on("error", () => {}).destroy();
    throw signal.reason;
  }
  const url = request.url.href;
  const headers = responseHeaders(message, url);
  return {
    status: message.statusCode!,
    statusText: message.statusMessage ?? "",
    url: url === asked ? undefined : url,
    redirected,
    type: responseType(),
    headers,
    body: hasBody(message, request.method) ? bodyOf(message, request, headers) : undefined,
  };
}

function bodyOf(
  message: IncomingMessage,
  { url: { href: url }, signal, decompress }: FetchRequest,
  headers: Headers,
): Uint8Array | ServedBody {
  const options = { url, signal, decompress };
  const reader = () => new SourceReader((sink) => bodySource(message, options, sink));
  return wholeBody(message, options) ?? new ServedBody(reader(), lengthOf(headers));
}

/** How long a body is, where the headers tell. */
function lengthOf(headers: Headers): number | undefined {
  if (headers.has("content-encoding")) return undefined; // It is that of the encoded body.
  const length = Number(headers.get("content-length") ?? NaN);
  return Number.isNaN(length) ? undefined : length;
}
