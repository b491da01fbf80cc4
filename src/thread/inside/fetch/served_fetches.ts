/**
 * Requests that this thread makes for `ns.fetch()` of the main thread.
 *
 * @module
 */

import type { FetchHead, FetchOrder } from "../../../fetch/order.ts";
import type { RemoteHandles } from "../remote_handles.ts";
import { ServedBody } from "./served_body.ts";

/** The requests, and the bodies of responses that have not been read to their end. */
export class ServedFetches {
  readonly #remote: RemoteHandles;
  readonly #bodies = new Map<number, ServedBody>();

  constructor(remote: RemoteHandles) {
    this.#remote = remote;
  }

  /** Makes a request; what it resolves with is sent to the main thread. */
  async fetch(id: number, order: FetchOrder, signal: AbortSignal): Promise<FetchHead> {
    const { url, method, headers, redirect, init } = order;
    const sent = order.body === undefined ? undefined : this.#body(order.body, signal);
    const response = await fetch(url, {
      ...init,
      method,
      headers,
      redirect,
      signal,
      ...(sent === undefined ? {} : { body: sent, duplex: "half" }),
    } as RequestInit);
    if (signal.aborted) {
      response.body?.cancel().catch(() => {});
      throw signal.reason;
    }
    const reader = response.body?.getReader();
    const body = reader && new ServedBody(reader, lengthOf(response.headers));
    const begun = await body?.begin();
    const isWhole = body === undefined || body.ended;
    if (!isWhole) this.#bodies.set(id, body);
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      url: response.url,
      redirected: response.redirected,
      type: response.type,
      begun,
      body: isWhole ? undefined : id,
    };
  }

  /** The next chunk of a body; undefined at its end. */
  async read(id: number): Promise<Uint8Array | undefined> {
    const chunk = await this.#bodies.get(id)?.read();
    if (chunk === undefined) this.#bodies.delete(id);
    return chunk;
  }

  /** Lets go of a body, and of the connection that it comes over. */
  release(id: number): void {
    this.#bodies.get(id)?.cancel();
    this.#bodies.delete(id);
  }

  #body(body: NonNullable<FetchOrder["body"]>, signal: AbortSignal): unknown {
    if ("id" in body) return this.#upload(body.id, signal);
    // Node 20 cannot send bytes once more when it is redirected; a blob it can.
    const isNode = !("Bun" in globalThis || "Deno" in globalThis);
    return isNode ? new Blob([body.bytes as Uint8Array<ArrayBuffer>]) : body.bytes;
  }

  /** A stream that the main thread has. It ends with the request, which may wait for it. */
  #upload(id: number, signal: AbortSignal): ReadableStream<unknown> {
    const ask = (method: "readBody" | "cancelBody", ...args: unknown[]) =>
      this.#remote.request(this.#remote.description, method, [id, ...args]);
    return new ReadableStream<unknown>({
      start(controller) {
        signal.addEventListener("abort", () => controller.error(signal.reason), { once: true });
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

/** How long a body is, where the headers tell. */
function lengthOf(headers: Headers): number | undefined {
  if (headers.has("content-encoding")) return undefined; // It is that of the encoded body.
  const length = headers.get("content-length");
  return length === null ? undefined : Number(length);
}
