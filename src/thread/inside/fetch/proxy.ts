/**
 * HTTP proxies. They are reached from inside the namespace, as everything else.
 *
 * @module
 */

import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { ownVariable } from "../../environment.ts";
import { addressOf, hostOf } from "./address.ts";
import type { TlsOptions } from "./connection.ts";
import { requestError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

/** A proxy, and the headers that are meant for it. */
export interface Proxy {
  url: URL;
  headers: [string, string][];
}

/**
 * The proxy for a request.
 *
 * @param url Where the request goes.
 * @param option The `proxy` option; without it the environment of this thread is asked.
 * @returns The proxy; undefined when there is none.
 */
export function proxyFor(url: URL, option: unknown): Proxy | undefined {
  if (option === false) return undefined;
  const given = parse(option);
  const variable = (name: string) => ownVariable(name) || ownVariable(name.toUpperCase());
  const text = given?.url ?? variable(url.protocol === "https:" ? "https_proxy" : "http_proxy") ??
    variable("all_proxy");
  if (!text) return undefined;
  if (given?.respectNoProxy !== false && isExempt(url, variable("no_proxy") ?? "")) {
    return undefined;
  }
  const proxy = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!/^https?:$/.test(proxy.protocol)) throw requestError("UnsupportedProxyProtocol", url.href);
  const headers = [...new Headers(given?.headers as Record<string, string> | undefined)];
  if (proxy.username !== "" && !headers.some(([name]) => name === "proxy-authorization")) {
    headers.push(["proxy-authorization", basicAuthorization(proxy)]);
  }
  return { url: proxy, headers };
}

/** The value of an `Authorization` header for user and password of a URL. */
export function basicAuthorization({ username, password }: URL): string {
  const bytes = new TextEncoder().encode(
    `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
  );
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

interface ProxyOption {
  url: string;
  headers?: unknown;
  respectNoProxy?: unknown;
}

function parse(option: unknown): ProxyOption | undefined {
  if (typeof option === "string" && option !== "") return { url: option };
  if (option instanceof URL) return { url: option.href };
  if (typeof option !== "object" || option === null || !("url" in option)) return undefined;
  return { ...option, url: String(option.url) };
}

/** Whether NO_PROXY names a host: hosts and their subdomains, with or without port, or `*`. */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const actual = port || (protocol === "https:" ? "443" : "80");
  return noProxy.split(",").some((entry) => {
    const text = entry.trim().toLowerCase();
    if (text === "") return false;
    if (text === "*") return true;
    const [, host = "", wanted] = /^(.*?)(?::(\d+))?$/.exec(text)!;
    if (wanted !== undefined && wanted !== actual) return false;
    const domain = host.replace(/^\*?\./, "");
    return hostname === domain || hostname.endsWith(`.${domain}`);
  });
}

/** A TLS connection through a proxy. */
export async function tunnel(
  proxy: Proxy,
  { url, signal, idleTimeout }: Exchange,
  tls: TlsOptions,
): Promise<TLSSocket> {
  const { protocol, host, port } = addressOf(proxy.url);
  const target = `${url.hostname}:${url.port || 443}`;
  const { request } = protocol === "https:" ? https : http;
  const connect = request({
    host,
    port,
    method: "CONNECT",
    path: target,
    agent: false,
    setHost: false,
    headers: { host: target, ...Object.fromEntries(proxy.headers) },
  });
  return await new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    const onAbort = () => fail(signal!.reason);
    const fail = (error: unknown) => {
      signal?.removeEventListener("abort", onAbort);
      connect.destroy();
      socket?.destroy();
      reject(error);
    };
    connect.on("error", fail); // One that is destroyed at once tells of an error, too.
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (idleTimeout > 0) {
      connect.setTimeout(idleTimeout, () => fail(requestError("ETIMEDOUT", url.href)));
    }
    connect.on("response", () => fail(requestError("ProxyConnectionRefused", url.href)));
    connect.on("connect", (response, plain: Socket) => {
      socket = plain;
      const code = response.statusCode === 407
        ? "ProxyAuthenticationRequired"
        : "ConnectionRefused";
      if (response.statusCode !== 200) return fail(requestError(code, url.href));
      const secure = connectTls({ host: hostOf(url), ...tls, socket: plain });
      socket = secure;
      secure.on("error", fail);
      secure.on("secureConnect", () => {
        signal?.removeEventListener("abort", onAbort);
        secure.off("error", fail);
        resolve(secure);
      });
    });
    connect.end();
  });
}
