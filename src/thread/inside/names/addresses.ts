/**
 * Which addresses of a name are given, and in which order.
 *
 * @module
 */

import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";

/** An address as `dns.lookup()` gives it. */
export interface Address {
  address: string;
  family: 4 | 6;
}

/** In which order addresses are given. */
export type Order = "verbatim" | "ipv4first" | "ipv6first";

/** An address with its family. */
export function toAddress(address: string): Address {
  return { address, family: isIPv4(address) ? 4 : 6 };
}

/** Puts addresses in order. Those of one family stay as they are. */
export function inOrder(addresses: readonly Address[], order: Order): Address[] {
  const first = order === "verbatim" ? preferredFamily(addresses) : order === "ipv4first" ? 4 : 6;
  return [
    ...addresses.filter(({ family }) => family === first),
    ...addresses.filter(({ family }) => family !== first),
  ];
}

/** The family that getaddrinfo(3) puts first: IPv6, where there is an address to use it from. */
function preferredFamily(addresses: readonly Address[]): 4 | 6 {
  const toLoopback = addresses.some(({ address }) => address === "::1");
  const usable = interfaceAddresses().some(({ family, address, internal }) =>
    family === "IPv6" && (internal ? toLoopback : !/^fe[89ab]/.test(address))
  );
  return usable ? 6 : 4;
}

/**
 * The families that `AI_ADDRCONFIG` leaves. As in getaddrinfo(3), where there are but loopback
 * addresses, a question for both families is not restricted.
 */
export function configuredFamilies(families: readonly number[]): number[] {
  const external = interfaceAddresses().filter(({ internal }) => !internal);
  if (external.length === 0 && families.length > 1) return [...families];
  const configured = external.map(({ family }) => family === "IPv4" ? 4 : 6);
  return families.filter((family) => configured.some((one) => one === family));
}

function interfaceAddresses() {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
}
