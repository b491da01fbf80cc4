/**
 * The file format resolv.conf(5).
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { parseServer } from "./server_address.ts";

/** What resolv.conf says. */
export interface ResolvConf {
  /** Addresses of the servers, as {@linkcode showServer} writes them. */
  servers: readonly string[];
  search: readonly string[];
  ndots: number;
  /** Milliseconds that a server has to answer. */
  timeout: number;
  /** How often all servers are asked. */
  attempts: number;
}

/** What holds where nothing is said: the server is on the host itself. */
export const defaults: ResolvConf = {
  servers: ["127.0.0.1"],
  search: [],
  ndots: 1,
  timeout: 5000,
  attempts: 2,
};

/** How many servers of a file are asked: `MAXNS` of resolv.h. */
const MAX_SERVERS = 3;

/** The options that matter here, with the largest value that the C library takes. */
const largest: Readonly<Record<string, number>> = { ndots: 15, timeout: 30, attempts: 5 };

/** Reads a file as the C library does: what it does not know, it ignores. */
export function parseResolvConf(text: string): ResolvConf {
  const servers: string[] = [];
  let search: string[] = [];
  const options: Record<string, number> = {};
  for (const line of text.split("\n")) {
    if (/^[#;]/.test(line)) continue;
    const [keyword, ...values] = line.trim().split(/\s+/);
    switch (keyword) {
      case "nameserver":
        if (builtin.net.isIP(values[0] ?? "") !== 0) servers.push(values[0]!);
        break;
      case "domain":
        search = values.slice(0, 1);
        break;
      case "search":
        search = values;
        break;
      case "options":
        for (const value of values) {
          const [, name = "", digits = ""] = /^(\w+):(\d+)$/.exec(value) ?? [];
          const limit = largest[name];
          if (limit !== undefined) options[name] = Math.min(Number(digits), limit);
        }
        break;
    }
  }
  return {
    servers: servers.length === 0 ? defaults.servers : servers.slice(0, MAX_SERVERS),
    search: search.map((domain) => domain.replace(/\.$/, "")).filter((domain) => domain !== ""),
    ndots: options["ndots"] ?? defaults.ndots,
    timeout: options["timeout"] ? options["timeout"] * 1000 : defaults.timeout,
    attempts: options["attempts"] || defaults.attempts,
  };
}

/** Writes a file. It cannot say ports: servers on other ports than 53 are left out. */
export function formatResolvConf(conf: ResolvConf): string {
  const addresses = conf.servers.map(parseServer).flatMap((server) =>
    server?.port === 53 ? server.address : []
  );
  const seconds = Math.max(1, Math.ceil(conf.timeout / 1000));
  return [
    ...addresses.map((address) => `nameserver ${address}`),
    ...(conf.search.length === 0 ? [] : [`search ${conf.search.join(" ")}`]),
    `options ndots:${conf.ndots} timeout:${seconds} attempts:${conf.attempts}`,
    "",
  ].join("\n");
}
