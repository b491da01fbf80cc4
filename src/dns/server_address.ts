/**
 * Addresses of DNS servers: `IP`, `IP:PORT`, `[IP]:PORT`.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";

/** Where a DNS server is asked. */
export interface ServerAddress {
  /** An IP address, with the zone where one was given. */
  address: string;
  port: number;
}

/** Reads an address; undefined when it is none. */
export function parseServer(text: string): ServerAddress | undefined {
  if (builtin.net.isIP(text)) return { address: text, port: 53 };
  const [, inBrackets, before, digits = "53"] =
    /^(?:\[([^\[\]]+)\]|([^:\[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = inBrackets ?? before ?? "";
  const port = Number(digits);
  const fits = inBrackets === undefined
    ? builtin.net.isIPv4(address)
    : builtin.net.isIP(address) === 6;
  return fits && port >= 1 && port <= 65535 ? { address, port } : undefined;
}

/** The address as people and resolvers write it: the port only where it is not 53. */
export function showServer({ address, port }: ServerAddress): string {
  if (port === 53) return address;
  return builtin.net.isIPv4(address) ? `${address}:${port}` : `[${address}]:${port}`;
}

/** Whether the server is on the loopback of whoever asks. */
export function isLoopback({ address }: ServerAddress): boolean {
  return address.startsWith("127.") || address === "::1";
}
