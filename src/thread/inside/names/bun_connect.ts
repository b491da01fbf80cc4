/**
 * `Bun.connect` and `Bun.dns.lookup` by a {@linkcode NameResolver}.
 *
 * @module
 */

import type { LookupAddress } from "node:dns";
import type { Address } from "./addresses.ts";
import { isName } from "./host_name.ts";
import type { NameResolver } from "./resolver.ts";

/** Options of `Bun.connect`. */
export interface ConnectOptions {
  hostname?: unknown;
  unix?: unknown;
  fd?: unknown;
  tls?: boolean | Record<string, unknown>;
  socket?: object;
}

/** Bun's own function. */
export type OwnConnect = (options: ConnectOptions) => Promise<unknown>;

/** What `Bun.dns.lookup` gives for a name. */
export function lookupAll(
  resolver: NameResolver,
  hostname: string,
  family: unknown,
): Promise<Address[]> {
  const number = /^(IPv)?[46]$/.test(String(family)) ? Number(String(family).slice(-1)) : 0;
  return resolver.resolve(hostname, { family: number, hints: 0 });
}

/** Connects to the addresses of a name, one after the other. */
export async function connect(
  own: OwnConnect,
  addressesOf: (hostname: string) => Promise<LookupAddress[]>,
  options: ConnectOptions,
): Promise<unknown> {
  const { hostname, unix, fd, tls } = options ?? {};
  if (!isName(hostname) || unix !== undefined || fd !== undefined) return await own(options);
  const named = tls
    ? { ...options, tls: { serverName: hostname, ...(typeof tls === "object" ? tls : {}) } }
    : options;
  const addresses = await addressesOf(hostname);
  const last = addresses.pop()!;
  for (const { address } of addresses) {
    try {
      const socket = { ...options.socket, connectError: undefined };
      return await own({ ...named, hostname: address, socket });
    } catch {
      continue; // With the next address.
    }
  }
  return await own({ ...named, hostname: last.address });
}
