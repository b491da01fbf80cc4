/**
 * Requests that this thread makes for `ns.fetch()` of the main thread.
 *
 * @module
 */

import type { FetchHead, FetchOrder } from "../../../fetch/order.ts";
import type { RemoteHandles } from "../remote_handles.ts";

type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

/** The requests, and the bodies of responses that have not been read to their end. */
export class ServedFetches {
  readonly #remote: RemoteHandles;
  readonly #bodies = new Map<number, BodyReader>();

  constructor(remote: RemoteHandles) {
    this.#remote = remote;
  }

  /** Makes a request; what it resolves with is sent to the main thread. */
  async fetch(id: number, order: FetchOrder, signal: AbortSignal): Promise<FetchHead> {
    const { url, method, headers, body, redirect, init } = order;
    const sent = body === undefined ? undefined : this.#body(body);
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
    if (response.body !== null) this.#bodies.set(id, response.body.getReader());
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      url: response.url,
      redirected: response.redirected,
      type: response.type,
      body: response.body === null ? undefined : id,
    };
  }

  /** The next chunk of a body; undefined at its end. */
  async read(id: number): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#bodies.get(id)?.read() ?? { done: true };
    if (!done) return value;
    this.#bodies.delete(id);
    return undefined;
  }

  /** Lets go of a body, and of the connection that it comes over. */
  release(id: number): void {
    this.#bodies.get(id)?.cancel().catch(() => {});
    this.#bodies.delete(id);
  }

  #body(body: NonNullable<FetchOrder["body"]>): unknown {
    if ("id" in body) return this.#upload(body.id);
    // Node 20 cannot send bytes once more when it is redirected; a blob it can.
    const isNode = !("Bun" in globalThis || "Deno" in globalThis);
    return isNode ? new Blob([body.bytes as Uint8Array<ArrayBuffer>]) : body.bytes;
  }

  /** A stream that the main thread has. */
  #upload(id: number): ReadableStream<unknown> {
    const ask = (method: "readBody" | "cancelBody", ...args: unknown[]) =>
      this.#remote.request(this.#remote.description, method, [id, ...args]);
    return new ReadableStream<unknown>({
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
