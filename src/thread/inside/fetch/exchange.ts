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
  keepAlive: boolean;
  /** Milliseconds of silence after which it fails; 0 for never. */
  idleTimeout: number;
}

/**
 * Sends a request.
 *
 * @param outgoing What is sent, and how.
 * @param proxy What it goes through.
 * @returns The response, whose body has not been read.
 */
export async function exchange(
  outgoing: Exchange,
  proxy: Proxy | undefined,
): Promise<IncomingMessage> {
  const { url } = outgoing;
  for (let fresh = false;; fresh = true) {
    const options = proxy !== undefined && url.protocol === "https:" && outgoing.unix === undefined
      ? await tunnelOptions(outgoing, proxy)
      : requestOptions(outgoing, proxy, fresh);
    const request = createRequest(url, options, proxy);
    try {
      return await respond(request, outgoing, proxy);
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
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "ECONNRESET" || code === "EPIPE";
}

/** Whether a body can be sent once more. */
export function canRepeat(body: RequestBody | undefined): boolean {
  return body === undefined || !("stream" in body);
}

/** For a request that goes through a tunnel. */
async function tunnelOptions(outgoing: Exchange, proxy: Proxy): Promise<RequestOptions> {
  const { url, method } = outgoing;
  const socket = await tunnel(proxy, outgoing, tlsOptions(outgoing));
  return {
    method,
    setHost: false,
    path: url.pathname + url.search,
    host: hostOf(url),
    createConnection: () => socket,
  };
}

function requestOptions(
  outgoing: Exchange,
  proxy: Proxy | undefined,
  fresh: boolean,
): RequestOptions {
  const { url, method, unix, pool, idleTimeout } = outgoing;
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
    timeout: idleTimeout,
  };
  if (unix !== undefined) return { ...tlsOptions(outgoing), ...options, socketPath: unix };
  if (proxy !== undefined) {
    const { protocol: _, ...target } = addressOf(proxy.url);
    return { ...options, ...target, path: withoutUser(url) };
  }
  return { ...tlsOptions(outgoing), ...options, ...addressOf(url) };
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
function respond(
  request: ClientRequest,
  outgoing: Exchange,
  proxy: Proxy | undefined,
): Promise<IncomingMessage> {
  const { headers, body, signal, idleTimeout, url } = outgoing;
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
    request.on("error", fail); // One that is destroyed at once tells of an error, too.
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
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
    request.on("timeout", () => {
      fail(timeoutError());
      request.destroy(timeoutError());
    });
    if (idleTimeout > 0 && !("timeout" in request)) request.setTimeout(idleTimeout);
    for (const [name, value] of headers) request.appendHeader(name, value);
    if (!request.hasHeader("host")) request.setHeader("Host", url.host);
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
    if (body === undefined) request.end();
    else sendBody(body, request).catch(fail);
  });
}
