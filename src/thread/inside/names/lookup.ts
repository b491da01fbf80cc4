/**
 * `dns.lookup` and `dns.promises.lookup` by a {@linkcode NameResolver}.
 *
 * The runtime's own functions check the arguments, and answer for IP addresses: for those they ask
 * no thread of a pool.
 *
 * @module
 */

import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import process from "node:process";
import { promisify } from "node:util";
import { type Address, inOrder, type Order } from "./addresses.ts";
import type { NameResolver } from "./resolver.ts";

type LookupResult = LookupAddress | LookupAddress[];
type LookupCallback = (
  error: Error | null,
  address?: string | LookupAddress[],
  family?: number,
) => void;

/** `dns.lookup`, whatever the arguments are. */
export type Lookup = (
  hostname: string,
  options: LookupOptions | number | LookupCallback | null | undefined,
  callback?: LookupCallback,
) => unknown;

/** `dns.promises.lookup`, whatever the arguments are. */
export type LookupPromise = (
  hostname: string,
  options?: LookupOptions | number | null,
) => Promise<LookupResult>;

/** Both functions. */
export interface Lookups {
  lookup: Lookup;
  lookupPromise: LookupPromise;
}

/** An address that the runtime's own functions are given to check the other arguments. */
const ANY_ADDRESS = "127.0.0.1";

/** Makes both functions; `own` are those of the runtime. */
export function makeLookups(resolver: NameResolver, own: Lookups): Lookups {
  async function run(hostname: string, options: LookupOptions | number | null | undefined) {
    const { all, order, ...rest } = normalize(options);
    const addresses = inOrder(await resolver.resolve(hostname, rest), order);
    return all ? addresses : addresses[0]!;
  }

  const lookupPromise: LookupPromise = function lookup(hostname, options) {
    if (!isName(hostname)) return own.lookupPromise(hostname, options);
    const checked = own.lookupPromise(ANY_ADDRESS, options);
    return checked.then(() => run(hostname, options));
  };

  function lookup(...[hostname, options, callback]: Parameters<Lookup>): unknown {
    if (!isName(hostname)) return own.lookup(hostname, options, callback);
    const last = typeof options === "function" ? options : callback;
    const ignore = typeof last === "function" ? () => {} : last;
    const request = typeof options === "function"
      ? own.lookup(ANY_ADDRESS, ignore)
      : own.lookup(ANY_ADDRESS, options, ignore);
    // What the callback throws is not to become the rejection of a promise.
    run(hostname, typeof options === "function" ? undefined : options).then(
      (result) => {
        if (Array.isArray(result)) process.nextTick(last!, null, result);
        else process.nextTick(last!, null, result.address, result.family);
      },
      (error) => process.nextTick(last!, error),
    );
    return request;
  }
  Object.defineProperty(lookup, "length", { value: 3, configurable: true });
  Object.defineProperty(lookup, promisify.custom, { value: lookupPromise, configurable: true });
  return { lookup, lookupPromise };
}

function isName(hostname: unknown): hostname is string {
  return typeof hostname === "string" && hostname !== "" && isIP(hostname) === 0;
}

/** The options that the runtime found to be right, in one form. */
function normalize(options: LookupOptions | number | null | undefined) {
  const given = typeof options === "number" ? { family: options } : options ?? {};
  return {
    family: toFamily(given.family),
    hints: given.hints ?? 0,
    all: given.all === true,
    order: toOrder(given),
  };
}

function toFamily(family: LookupOptions["family"]): number {
  return family === "IPv4" ? 4 : family === "IPv6" ? 6 : family ?? 0;
}

function toOrder({ order, verbatim }: LookupOptions): Order {
  if (order !== undefined) return order;
  if (verbatim !== undefined && verbatim !== null) return verbatim ? "verbatim" : "ipv4first";
  return dns.getDefaultResultOrder() as Order;
}

export type { Address };
