/**
 * How names are resolved in a namespace: from the `dns` option, the files of /etc/netns, and those
 * of the host.
 *
 * @module
 */

import { readText } from "../../ffi/files.ts";
import { errnoName, syscallError } from "../errors.ts";
import { libc } from "../libc.ts";
import { formatHosts, type HostsEntry, overrideHosts, parseHosts } from "./hosts_file.ts";
import type { DnsOptions } from "./options.ts";
import { defaults, formatResolvConf, parseResolvConf, type ResolvConf } from "./resolv_conf.ts";
import { parseServer, showServer } from "./server_address.ts";

/** How a namespace thread resolves names. */
export interface NameConfiguration extends ResolvConf {
  hosts: readonly HostsEntry[];
  /** Whether the servers are those of the host, which may not be reachable from inside. */
  hostServers: boolean;
  /** Texts of files in /etc that the namespace has of its own. */
  files: { "resolv.conf"?: string; hosts?: string };
}

/** Reads the configuration of a namespace, from the mount namespace of the calling thread. */
export function nameConfiguration(
  name: string | undefined,
  dns: DnsOptions = {},
): NameConfiguration {
  const files: NameConfiguration["files"] = {};
  const ownResolvConf = dns.servers ? undefined : ownFile(name, "resolv.conf");
  const ownHosts = ownFile(name, "hosts");
  const base = dns.servers ? defaults : parseResolvConf(ownResolvConf ?? hostFile("resolv.conf"));
  const conf = mergeOptions(base, dns);
  const hosts = parseHosts(ownHosts ?? hostFile("hosts"));

  const { servers, search, ndots, timeout, attempts } = dns;
  const changed = [servers, search, ndots, timeout, attempts].some((one) => one !== undefined);
  const resolvConf = changed ? formatResolvConf(conf) : ownResolvConf;
  if (resolvConf !== undefined) files["resolv.conf"] = resolvConf;

  const entries = dns.hosts ? overrideHosts(hosts, dns.hosts) : hosts;
  const hostsText = dns.hosts ? formatHosts(entries) : ownHosts;
  if (hostsText !== undefined) files.hosts = hostsText;

  const hostServers = servers === undefined && ownResolvConf === undefined;
  return { ...conf, hosts: entries, hostServers, files };
}

function mergeOptions(base: ResolvConf, dns: DnsOptions): ResolvConf {
  return {
    servers: dns.servers?.map((server) => showServer(parseServer(server)!)) ?? base.servers,
    search: dns.search?.map((domain) => domain.replace(/\.$/, "")) ?? base.search,
    ndots: dns.ndots ?? base.ndots,
    timeout: dns.timeout ?? base.timeout,
    attempts: dns.attempts ?? base.attempts,
  };
}

/** A file that `ip netns exec` would put in place of the host's. */
function ownFile(name: string | undefined, file: string): string | undefined {
  if (name === undefined) return undefined;
  const path = `/etc/netns/${name}/${file}`;
  const text = readText(libc(), path);
  if (typeof text === "string") return text;
  // To go on with the file of the host would ask the servers of another network.
  if (errnoName(text) === "ENOENT" || errnoName(text) === "ENOTDIR") return undefined;
  throw syscallError({ action: `Cannot read ${path}`, syscall: "open", result: text, path });
}

/** A file of the host; as for the C library, one that cannot be read says nothing. */
function hostFile(file: string): string {
  const text = readText(libc(), `/etc/${file}`);
  return typeof text === "string" ? text : "";
}
