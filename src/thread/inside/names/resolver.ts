/**
 * Resolves names as getaddrinfo(3) does, from the thread that it is used on.
 *
 * @module
 */

import dns from "node:dns";
import { isIPv4 } from "node:net";
import { domainToASCII } from "node:url";
import type { NameConfiguration } from "../../../dns/configuration.ts";
import { canonicalName } from "../../../dns/hosts_file.ts";
import { type Address, configuredFamilies, toAddress } from "./addresses.ts";
import { HostsTable } from "./hosts_table.ts";
import { lookupError } from "./lookup_error.ts";
import { canBeAsked, searchList } from "./search_list.ts";
import { type Answer, Servers } from "./servers.ts";

/** What is asked for. */
export interface ResolveOptions {
  /** 4, 6, or 0 for both. */
  family: number;
  /** Of `dns.ADDRCONFIG`, `dns.V4MAPPED` and `dns.ALL`. */
  hints: number;
}

/** Resolves the names of a namespace. */
export class NameResolver {
  readonly configuration: NameConfiguration;
  readonly hosts: HostsTable;
  readonly servers: Servers;

  constructor(
    configuration: NameConfiguration,
    Resolver: typeof dns.promises.Resolver = dns.promises.Resolver,
  ) {
    this.configuration = configuration;
    this.hosts = new HostsTable(configuration.hosts);
    this.servers = new Servers(configuration, Resolver);
  }

  /** The addresses of a name, which is no IP address; rejects as `dns.lookup()` does. */
  async resolve(hostname: string, { family, hints }: ResolveOptions): Promise<Address[]> {
    let families = family === 0 ? [4, 6] : [family];
    if (hints & dns.ADDRCONFIG) families = configuredFamilies(families);
    const maps = family === 6 && (hints & dns.V4MAPPED) !== 0;
    if (maps && families.length > 0) families = [4, 6];

    const found = families.length === 0 ? "absent" : await this.#find(hostname, families);
    if (typeof found === "string") {
      const code = found === "absent" ? "ENOTFOUND" : "EAI_AGAIN";
      throw lookupError(code, hostname, this.configuration);
    }
    const addresses = found.map(toAddress);
    return maps ? mapped(addresses, (hints & dns.ALL) !== 0) : addresses;
  }

  async #find(hostname: string, families: readonly number[]): Promise<Answer> {
    const name = toAscii(hostname);
    const numeric = numericAddress(name);
    const local = numeric ? [numeric] : this.hosts.addressesOf(name);
    const fitting = ofFamilies(local, families);
    if (fitting.length > 0) return fitting;
    if (isLocalhost(name)) return ofFamilies(["127.0.0.1", "::1"], families);
    if (local.length > 0 && numeric) return "absent";
    return await this.#search(name, families);
  }

  async #search(name: string, families: readonly number[]): Promise<Answer> {
    let result: Answer = "absent";
    for (const candidate of searchList(name, this.configuration)) {
      if (!canBeAsked(candidate)) continue;
      const answer = await this.#ask(candidate, families);
      if (typeof answer !== "string" || answer === "unreachable") return answer;
      if (answer === "failed") result = answer;
    }
    return result;
  }

  async #ask(name: string, families: readonly number[]): Promise<Answer> {
    const answers = await Promise.all(
      families.map((family) => this.servers.ask(family === 4 ? "resolve4" : "resolve6", name)),
    );
    const addresses = answers.flatMap((answer) => typeof answer === "string" ? [] : answer);
    if (addresses.length > 0) return addresses;
    const problems: readonly Answer[] = ["unreachable", "failed"];
    return problems.find((problem) => answers.includes(problem)) ?? "absent";
  }
}

function toAscii(name: string): string {
  // Only where it must be: the function refuses names that DNS has, as those with a space.
  // deno-lint-ignore no-control-regex
  return /^[\x00-\x7f]*$/.test(name) ? name : domainToASCII(name);
}

/** The forms of inet_aton(3), which are no host names: `127.1`, `0x7f000001`. */
function numericAddress(name: string): string | undefined {
  if (!/^(0x[\da-f]*|\d+)(\.(0x[\da-f]*|\d+)){0,3}$/i.test(name)) return undefined;
  const url = URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`).hostname : "";
  return isIPv4(url) ? url : undefined;
}

/** RFC 6761, section 6.3. */
function isLocalhost(name: string): boolean {
  return /(^|\.)localhost$/.test(canonicalName(name));
}

function ofFamilies(addresses: readonly string[], families: readonly number[]): string[] {
  return addresses.filter((address) => families.includes(isIPv4(address) ? 4 : 6));
}

/** IPv4 addresses as IPv6 ones: where there are none of those, or next to them. */
function mapped(addresses: readonly Address[], all: boolean): Address[] {
  const proper = addresses.filter(({ family }) => family === 6);
  if (proper.length > 0 && !all) return proper;
  const others = addresses.filter(({ family }) => family === 4);
  return [
    ...proper,
    ...others.map(({ address }): Address => ({ address: `::ffff:${address}`, family: 6 })),
  ];
}
