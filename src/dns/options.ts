/**
 * The `dns` option of handles.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { checkInteger, checkOptions, outOfRange, wrongType } from "../check.ts";
import { NetNSError } from "../errors.ts";
import { parseServer } from "./server_address.ts";

/**
 * How names are resolved inside a namespace, in place of what the files of the host say.
 *
 * @example
 * ```ts
 * import { NetNS } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * const ns = NetNS.create({ dns: { servers: ["192.0.2.53"], hosts: { "db.test": "192.0.2.7" } } });
 * const { address } = await ns.do(async () => {
 *   const dns = await import("node:dns");
 *   return await dns.promises.lookup("db.test");
 * });
 * await ns.close();
 * assert.equal(address, "192.0.2.7");
 * ```
 */
export interface DnsOptions {
  /**
   * IP addresses of the DNS servers, as they are reached from inside: `"192.0.2.53"`,
   * `"fe80::53%eth0"`, and but in Deno with a port: `"127.0.0.1:5353"`, `"[::1]:5353"`.
   *
   * Where this is given, nothing of resolv.conf(5) applies.
   *
   * @default those of /etc/netns/NAME/resolv.conf, else of /etc/resolv.conf
   */
  servers?: readonly string[] | undefined;
  /** Domains that are appended to names with few dots. See resolv.conf(5). */
  search?: readonly string[] | undefined;
  /** From how many dots on a name is asked for as it is first. @default {1} */
  ndots?: number | undefined;
  /** How long a server has to answer, in ms; files that name it have seconds. @default {5000} */
  timeout?: number | undefined;
  /** How often all servers are asked. @default {2} */
  attempts?: number | undefined;
  /** Addresses of names, before those of the hosts file, which go on to apply to other names. */
  hosts?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

const members = ["servers", "search", "ndots", "timeout", "attempts", "hosts"];

/** Checks the `dns` option; returns a copy that does not change. */
export function checkDnsOptions(dns: DnsOptions | undefined): DnsOptions | undefined {
  const name = "options.dns";
  checkOptions(name, dns, members);
  if (dns === undefined) return undefined;
  const { servers, search, ndots, timeout, attempts, hosts } = dns;
  if (servers !== undefined) checkServers(`${name}.servers`, servers);
  if (search !== undefined) {
    checkList(`${name}.search`, search).forEach((domain, index) =>
      checkHostName(`${name}.search[${index}]`, domain)
    );
  }
  if (ndots !== undefined) checkInteger(`${name}.ndots`, ndots, 0, 15);
  if (timeout !== undefined) checkInteger(`${name}.timeout`, timeout, 1);
  if (attempts !== undefined) checkInteger(`${name}.attempts`, attempts, 1, 100);
  if (hosts !== undefined) checkHosts(`${name}.hosts`, hosts);
  return structuredClone(dns);
}

function checkServers(name: string, servers: unknown): void {
  const list = checkList(name, servers);
  if (list.length === 0) throw outOfRange(name, "a list of at least one server", "an empty list");
  list.forEach((server, index) => {
    if (typeof server !== "string") throw wrongType(`${name}[${index}]`, "a string", server);
    const parsed = parseServer(server);
    if (parsed === undefined) {
      throw outOfRange(`${name}[${index}]`, "an IP address, or one with a port", server);
    }
    if (parsed.port === 53) return;
    if (parsed.address.includes("%")) {
      throw outOfRange(`${name}[${index}]`, "without a port after a zone", server);
    }
    if ("Deno" in globalThis) throw portInDeno(`${name}[${index}]`, server);
  });
}

function portInDeno(name: string, server: string): NetNSError {
  return new NetNSError(`Cannot use ${name} ${JSON.stringify(server)}: Deno asks port 53 only`, {
    code: "ERR_NETNS_UNSUPPORTED",
    hint: "Deno resolves names by getaddrinfo(3), which knows no ports: let the server listen on " +
      "port 53 inside",
  });
}

function checkHosts(name: string, hosts: unknown): void {
  if (typeof hosts !== "object" || hosts === null || Array.isArray(hosts)) {
    throw wrongType(name, "an object", hosts);
  }
  for (const [host, addresses] of Object.entries(hosts)) {
    checkHostName(`a name in ${name}`, host);
    for (const address of Array.isArray(addresses) ? addresses : [addresses]) {
      const member = `${name}[${JSON.stringify(host)}]`;
      if (typeof address !== "string") throw wrongType(member, "a string", address);
      if (builtin.net.isIP(address) === 0) throw outOfRange(member, "an IP address", address);
    }
  }
}

function checkList(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, "an array", value);
  return value;
}

function checkHostName(name: string, value: unknown): void {
  if (typeof value !== "string") throw wrongType(name, "a string", value);
  if (!/^[^\s\0#;]+$/.test(value)) throw outOfRange(name, "the name of a host or domain", value);
}
