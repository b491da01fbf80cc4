/**
 * The file format hosts(5).
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";

/** One line of a hosts file. */
export interface HostsEntry {
  address: string;
  names: readonly string[];
}

/** Reads a file; lines without an IP address and a name are ignored, as the C library does. */
export function parseHosts(text: string): HostsEntry[] {
  return text.split("\n").flatMap((line) => {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    return builtin.net.isIP(address) === 0 || names.length === 0 ? [] : [{ address, names }];
  });
}

/** Writes a file. */
export function formatHosts(entries: readonly HostsEntry[]): string {
  return entries.map(({ address, names }) => `${address}\t${names.join(" ")}\n`).join("");
}

/** Entries that take precedence: what `entries` says of other names remains. */
export function overrideHosts(
  entries: readonly HostsEntry[],
  hosts: Readonly<Record<string, string | readonly string[]>>,
): HostsEntry[] {
  const replaced = new Set(Object.keys(hosts).map(canonicalName));
  return [
    ...Object.entries(hosts).flatMap(([name, addresses]) =>
      [addresses].flat().map((address) => ({ address, names: [name] }))
    ),
    ...entries.flatMap(({ address, names }) => {
      const rest = names.filter((name) => !replaced.has(canonicalName(name)));
      return rest.length === 0 ? [] : [{ address, names: rest }];
    }),
  ];
}

/** A name as names are compared: without regard to case, and to the dot of the root. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
