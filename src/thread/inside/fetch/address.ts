/**
 * Where the server of a URL is.
 *
 * @module
 */

/** The host of a URL as sockets take it. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Protocol, host and port of a URL. */
export function addressOf(url: URL): { protocol: string; host: string; port: number } {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return { protocol: url.protocol, host: hostOf(url), port };
}
