/**
 * What a call of fetch asks for.
 *
 * @module
 */

import process from "node:process";
import {
  bodyLength,
  contentType,
  type RequestBody,
  requestBody,
} from "../../../fetch/request_body.ts";
import { argumentError, readUrl } from "../../../fetch/request_url.ts";
import { ConnectionPool, type TlsOptions } from "./connection.ts";
import { notContained } from "./errors.ts";
import { IDLE_TIMEOUT } from "./idle_timeout.ts";
import { basicAuthorization } from "./proxy.ts";
import { compress } from "./send_body.ts";

/** The options of Bun's fetch that `Request` does not know. */
export interface FetchInit extends Omit<RequestInit, "tls" | "body" | "session"> {
  body?: unknown;
  tls?: TlsOptions;
  unix?: string;
  proxy?: unknown;
  protocol?: string;
  decompress?: boolean;
  compress?: unknown;
  maxRedirects?: number;
  timeout?: number | boolean;
  session?: object;
}

/** The settings of a session, and the connections that it keeps. */
export interface SessionSettings {
  pool: ConnectionPool;
  tls?: TlsOptions | undefined;
  unix?: string | undefined;
  proxy?: unknown;
  keepAlive?: unknown;
}

/** What a call of fetch asks for. */
export interface FetchRequest {
  url: URL;
  method: string;
  headers: [string, string][];
  body: RequestBody | undefined;
  signal: AbortSignal | undefined;
  redirect: string;
  maxRedirects: number;
  decompress: boolean;
  tls: TlsOptions | undefined;
  keepsChecked: boolean;
  unix: string | undefined;
  proxy: unknown;
  keepAlive: boolean;
  idleTimeout: number;
  pool: ConnectionPool;
}

const sharedPool = new ConnectionPool();

/** What a URL of another scheme is answered by. */
export class OtherScheme {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }
}

/**
 * Reads the arguments of fetch.
 *
 * @returns The request; {@linkcode OtherScheme} when it is none over the network.
 */
export async function readRequest(
  input: unknown,
  given: unknown,
  session: SessionSettings | undefined,
): Promise<FetchRequest | OtherScheme> {
  const init = (typeof given === "object" && given !== null ? given : {}) as FetchInit;
  const url = readUrl(input);
  if (url.protocol === "s3:") throw s3Refusal();
  if (!/^https?:$/.test(url.protocol)) return new OtherScheme(url.href);
  if (init.protocol !== undefined && !/^(http1\.1|h1)$/.test(init.protocol)) {
    throw notContained(`fetch with protocol "${init.protocol}"`, "use node:http2");
  }
  const source = input instanceof Request ? input : undefined;
  if (source?.bodyUsed && init.body === undefined) {
    throw argumentError("ERR_BODY_ALREADY_USED", "Request body already used");
  }
  const signal = readSignal(init.signal === undefined ? source?.signal : init.signal);
  if (signal?.aborted) throw signal.reason;
  const { signal: _, body: givenBody, ...rest } = init;
  const request = new Request(url.href, {
    ...(source === undefined ? {} : parts(source)),
    ...defined({ ...rest, body: givenBody, duplex: "half" }),
  } as RequestInit);
  const { method } = request;
  const carrier = givenBody === undefined && source !== undefined ? source : request;
  if (carrier.body !== null && (method === "GET" || method === "HEAD")) {
    throw argumentError(
      "ERR_INVALID_ARG_VALUE",
      "fetch() request with GET/HEAD method cannot have body.",
    );
  }
  const headers = headerLines(request.headers, init.headers, url);
  const body = await requestBody(carrier, givenBody);
  const tls = (init.tls ?? session?.tls) as TlsOptions | undefined;
  const type = contentType(body);
  if (type !== undefined && !headers.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(["Content-Type", type]);
  }
  if (body !== undefined && "bytes" in body && bodyLength(body) !== 0) {
    const coding = headers.some(([name]) => /^content-encoding$/i.test(name))
      ? undefined
      : compress(body, init.compress);
    if (coding !== undefined) headers.push(["Content-Encoding", coding]);
  }
  return {
    url,
    method,
    headers,
    body,
    signal,
    redirect: request.redirect,
    maxRedirects: init.maxRedirects ?? 126,
    decompress: init.decompress !== false,
    tls,
    keepsChecked: init.tls === undefined,
    unix: init.unix ?? session?.unix,
    proxy: init.proxy ?? session?.proxy,
    keepAlive: init.keepalive !== false && session?.keepAlive !== false,
    idleTimeout: readIdleTimeout(init.timeout),
    pool: session?.pool ?? sharedPool,
  };
}

/** What a request takes from another one, but for the body. */
function parts({ method, headers, redirect }: Request): RequestInit {
  return { method, headers, redirect };
}

function defined(init: object): object {
  return Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));
}

/** The refusal of what goes to S3. */
export function s3Refusal(): Error {
  return notContained("Bun's S3 client", "use an S3 client that is made of fetch or node:http");
}

function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (signal instanceof AbortSignal) return signal;
  throw argumentError("ERR_INVALID_ARG_TYPE", "signal is not of type AbortSignal.");
}

function readIdleTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === true || timeout === null) return IDLE_TIMEOUT;
  return typeof timeout === "number" && Number.isFinite(timeout) && timeout > 0 ? timeout : 0;
}

/** The headers as they are sent: their names as the caller wrote them, and fetch's own. */
function headerLines(headers: Headers, given: unknown, url: URL): [string, string][] {
  const spelling = new Map<string, string>();
  if (typeof given === "object" && given !== null && !(given instanceof Headers)) {
    const names = Array.isArray(given) ? given.map(([name]) => String(name)) : Object.keys(given);
    for (const name of names) spelling.set(name.toLowerCase(), name);
  }
  const lines: [string, string][] = [];
  headers.forEach((value, name) => {
    if (name === "content-length" || name === "transfer-encoding") return;
    lines.push([spelling.get(name) ?? name, value]);
  });
  const add = (name: string, value: string) => {
    if (!headers.has(name)) lines.push([name, value]);
  };
  if (url.username !== "" || url.password !== "") add("Authorization", basicAuthorization(url));
  add("Connection", "keep-alive");
  add("User-Agent", userAgent());
  add("Accept", "*/*");
  add("Accept-Encoding", "gzip, deflate, br, zstd");
  return lines;
}

function userAgent(): string {
  return "Bun" in globalThis
    ? `Bun/${process.versions["bun"]}`
    : `Deno/${process.versions["deno"]}`;
}
