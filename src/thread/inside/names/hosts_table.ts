/**
 * The hosts file, by name and by address.
 *
 * @module
 */

import { canonicalName, type HostsEntry } from "../../../dns/hosts_file.ts";

/** What a hosts file says. */
export class HostsTable {
  readonly #addresses = new Map<string, string[]>();
  readonly #names = new Map<string, string>();

  constructor(entries: readonly HostsEntry[]) {
    for (const { address, names } of entries) {
      if (!this.#names.has(address)) this.#names.set(address, names[0]!);
      for (const name of names.map(canonicalName)) {
        const known = this.#addresses.get(name);
        if (known === undefined) this.#addresses.set(name, [address]);
        else if (!known.includes(address)) known.push(address);
      }
    }
  }

  /** The addresses of a name. */
  addressesOf(name: string): readonly string[] {
    return this.#addresses.get(canonicalName(name)) ?? [];
  }

  /** The first name of an address. */
  nameOf(address: string): string | undefined {
    return this.#names.get(address);
  }
}
