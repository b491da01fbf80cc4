/**
 * One request and its response, over a socket of this thread.
 *
 * @module
 */

import http, {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import https from "node:https";
import { bodyLength, type RequestBody } from "../../../fetch/request_body.ts";
import { addressOf, hostOf } from "./address.ts";
import { type ConnectionPool, type TlsOptions, unpooled } from "./connection.ts";
import { socketError, timeoutError } from "./errors.ts";
import { type Proxy, tunnel } from "./proxy.ts";
import { sendBody } from "./send_body.ts";

/** What is sent, and how. */
export interface Exchange {
  url: URL;
  method: string;
  headers: [string, string][];
  body: RequestBody | undefined;
  signal: AbortSignal | undefined;
  pool: ConnectionPool;
  tls: TlsOptions | undefined;
  /** Whether a connection on which the user's own check passed may be kept. */
  keepsChecked: boolean;
  unix: string | undefined;
  proxy: Proxy | undefined;
  keepAlive: boolean;
  /** Milliseconds of silence after which it fails; 0 for never. */
  idleTimeout: number;
}

/**
 * Sends a request.
 *
 * @returns The response, whose body has not been read.
 */
export async function exchange(outgoing: Exchange): Promise<IncomingMessage> {
  for (let fresh = false;; fresh = true) {
    const options = await requestOptions(outgoing, fresh);
    const request = createRequest(outgoing.url, options, outgoing.proxy);
    try {
      return await respond(request, outgoing);
    } catch (error) {
      // The server may close a kept connection at the moment when it is used again.
      const again = !fresh && request.reusedSocket && isReset(error) && canRepeat(outgoing.body);
      if (!again) {
        throw error === outgoing.signal?.reason ? error : socketError(error, outgoing.url.href);
      }
    }
  }
}

function isReset(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ECONNRESET" || code === "EPIPE";
}

/** Whether a body can be sent once more. */
export function canRepeat(body: RequestBody | undefined): boolean {
  return body === undefined || !("stream" in body);
}

async function requestOptions(outgoing: Exchange, fresh: boolean): Promise<RequestOptions> {
  const { url, method, unix, proxy, pool } = outgoing;
  const tls = tlsOptions(outgoing);
  // A proxy for http: URLs is the server that is connected to.
  const { protocol } = url.protocol === "http:" && proxy !== undefined ? proxy.url : url;
  let agent: Agent | undefined;
  if (outgoing.keepAlive && !fresh && unix === undefined) {
    agent = pool.agent(protocol, outgoing.tls, outgoing.keepsChecked);
  }
  const options = {
    method,
    agent: agent ?? unpooled(protocol),
    setHost: false,
    path: url.pathname + url.search,
  };
  if (unix !== undefined) return { ...tls, ...options, socketPath: unix };
  if (proxy !== undefined && url.protocol === "https:") {
    const socket = await tunnel(proxy, outgoing, tls);
    const { agent: _, ...others } = options;
    return { ...others, host: hostOf(url), createConnection: () => socket };
  }
  if (proxy !== undefined) {
    const { protocol: _, ...target } = addressOf(proxy.url);
    return { ...options, ...target, path: withoutUser(url) };
  }
  return { ...tls, ...options, ...addressOf(url) };
}

function tlsOptions({ url, tls }: Exchange): TlsOptions {
  if (url.protocol !== "https:") return {};
  const { serverName, ...options } = tls ?? {};
  const servername = serverName ?? options.servername;
  return { ...options, ...(servername === undefined ? {} : { servername }) };
}

function withoutUser(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search}`;
}

function createRequest(url: URL, options: RequestOptions, proxy: Proxy | undefined): ClientRequest {
  const isTls = proxy === undefined || url.protocol === "https:"
    ? url.protocol === "https:"
    : proxy.url.protocol === "https:";
  return isTls ? https.request(options) : http.request(options);
}

/** Sends headers and body; resolves with the response. */
function respond(request: ClientRequest, outgoing: Exchange): Promise<IncomingMessage> {
  const { headers, body, signal, idleTimeout, proxy, url } = outgoing;
  return new Promise((resolve, reject) => {
    let isDone = false;
    const fail = (error: unknown) => {
      if (isDone) return;
      ended();
      reject(error);
      request.destroy();
      request.socket?.destroy(); // Deno leaves it open when the body is being sent.
    };
    const onAbort = () => fail(signal!.reason);
    const ended = () => {
      isDone = true;
      signal?.removeEventListener("abort", onAbort);
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    request.on("error", fail);
    request.on("close", () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    request.on("response", (message) => {
      ended();
      resolve(message);
    });
    request.on("upgrade", (message, socket) => {
      socket.destroy();
      ended();
      resolve(message);
    });
    if (idleTimeout > 0) {
      request.setTimeout(idleTimeout, () => {
        fail(timeoutError());
        request.destroy(timeoutError());
      });
    }
    for (const [name, value] of headers) request.appendHeader(name, value);
    if (proxy !== undefined && url.protocol === "http:") {
      for (const [name, value] of proxy.headers) request.setHeader(name, value);
    }
    const length = bodyLength(body);
    if (length === undefined) {
      if (!request.hasHeader("content-length")) request.setHeader("Transfer-Encoding", "chunked");
    } else if (body !== undefined || !/^(GET|HEAD|CONNECT)$/.test(outgoing.method)) {
      request.setHeader("Content-Length", length);
    }
    // Once there is a response, what becomes of the rest of the upload is the server's affair.
    sendBody(body, request).catch(fail);
  });
}
