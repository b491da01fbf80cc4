/**
 * `fetch` on sockets of this thread, for a runtime whose own sends requests from another one.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { argumentError } from "../../../fetch/request_url.ts";
import { requestError } from "./errors.ts";
import { canRepeat, exchange } from "./exchange.ts";
import { proxyFor } from "./proxy.ts";
import { type FetchRequest, OtherScheme, readRequest, type SessionSettings } from "./request.ts";
import { createResponse } from "./response.ts";

/** The fetch of the runtime. */
export type NativeFetch = (input: string, init?: RequestInit) => Promise<Response>;

/**
 * Carries out a call of fetch.
 *
 * @param native The fetch of the runtime, for what needs no network: `data:`, `blob:`, `file:`.
 * @param args What fetch was called with.
 * @param session The session that it was called with.
 * @returns The response.
 */
export async function containedFetch(
  native: NativeFetch,
  args: readonly unknown[],
  session?: SessionSettings,
): Promise<Response> {
  if (args.length === 0) {
    throw argumentError("ERR_MISSING_ARGS", "fetch() expects a string but received no arguments.");
  }
  const request = await readRequest(args[0], args[1], session);
  if (request instanceof OtherScheme) {
    return await native(request.url, args[1] as RequestInit);
  }
  const { message, redirected } = await follow(request);
  return createResponse(message, request, redirected);
}

/**
 * Sends a request, and those that it is redirected to.
 *
 * @param request The request; it becomes the last one that was sent.
 * @returns What that one was answered.
 */
export async function follow(
  request: FetchRequest,
): Promise<{ message: IncomingMessage; redirected: boolean }> {
  for (let redirects = 0;; redirects++) {
    const message = await exchange(request, proxyFor(request.url, request.proxy));
    const target = redirectTarget(message, request);
    if (target === undefined) return { message, redirected: redirects > 0 };
    discard(message);
    if (request.redirect === "error") {
      throw requestError("UnexpectedRedirect", request.url.href);
    }
    if (redirects >= request.maxRedirects) {
      throw requestError("TooManyRedirects", request.url.href);
    }
    redirect(request, target, message.statusCode!);
  }
}

/** Where a response redirects to; undefined when it is to be given to the caller. */
function redirectTarget(message: IncomingMessage, request: FetchRequest): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(message.statusCode!)) return undefined;
  const { location } = message.headers;
  if (location === undefined || request.redirect === "manual") return undefined;
  const { href, hash } = request.url;
  if (!URL.canParse(location, href)) {
    discard(message);
    throw requestError("RedirectURLInvalid", href);
  }
  const target = new URL(location, href);
  if (target.hash === "") target.hash = hash;
  return target;
}

const bodyHeaders = /^content-(encoding|language|location|type|length)$/i;
const credentials = /^(authorization|cookie|proxy-authorization|host)$/i;

/** Makes a request the one that follows it. */
function redirect(request: FetchRequest, target: URL, status: number): void {
  const { url, method } = request;
  if (!/^https?:$/.test(target.protocol)) {
    throw requestError("UnsupportedRedirectProtocol", url.href);
  }
  const becomesGet = status === 303
    ? method !== "GET" && method !== "HEAD"
    : method === "POST" && (status === 301 || status === 302);
  if (becomesGet) {
    request.method = "GET";
    request.body = undefined;
    request.headers = request.headers.filter(([name]) => !bodyHeaders.test(name));
  } else if (!canRepeat(request.body)) {
    throw new TypeError(
      "Request body is a ReadableStream and cannot be replayed for this redirect",
    );
  }
  if (target.origin !== url.origin) {
    request.headers = request.headers.filter(([name]) => !credentials.test(name));
  }
  request.url = target;
}

/** Reads a body that nobody wants, to use the connection again, or closes it when it is long. */
function discard(message: IncomingMessage): void {
  message.on("error", () => {});
  if (Number(message.headers["content-length"] ?? Infinity) <= 65_536) message.resume();
  else message.destroy();
}
