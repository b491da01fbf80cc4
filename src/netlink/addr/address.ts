/**
 * An address of a link, as it is described and as it is read.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { Family } from "../family.ts";
import type { Scope } from "../scope.ts";

/** An address to add to a link. */
export interface AddressAdd {
  /** The link, by name or index. */
  dev: string | number;
  /** The address with the length of its prefix: `10.0.0.1/24`. */
  address: string;
  /** The other end of a point-to-point link, with the length of the prefix. */
  peer?: string | undefined;
  /** The broadcast address of IPv4; true for the last one of the prefix. */
  broadcast?: string | true | undefined;
  /** An anycast address of IPv6. */
  anycast?: string | undefined;
  /** A name for the address, for old tools: that of the link, then `:` and more. */
  label?: string | undefined;
  /** How far it reaches; `host` for 127.0.0.0/8, else `global`. */
  scope?: Scope | undefined;
  /** For how many seconds it is valid; Infinity by default, which JSON has as null. */
  validLft?: number | null | undefined;
  /** For how many seconds new connections use it; Infinity by default, which JSON has as null. */
  preferredLft?: number | null | undefined;
  /** The metric of the route to its prefix. */
  metric?: number | undefined;
  /** Who set it: a number of `IFAPROT_*`. */
  proto?: number | undefined;
  /** Uses the IPv6 address at once, without asking whether another host has it. */
  nodad?: boolean | undefined;
  /** Uses it while other hosts are asked. */
  optimistic?: boolean | undefined;
  /** It is the home address of Mobile IPv6. */
  home?: boolean | undefined;
  /** Temporary addresses are made from it. */
  mngtmpaddr?: boolean | undefined;
  /** No route to its prefix is made. */
  noprefixroute?: boolean | undefined;
  /** The multicast group is joined. */
  autojoin?: boolean | undefined;
  /** The family, which the address tells as well. */
  family?: Family | undefined;
  /** As it is read; not written. */
  flags?: readonly unknown[] | undefined;
  /** As it is read; not written. */
  created?: number | undefined;
  /** As it is read; not written. */
  updated?: number | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
}

/** An address to remove: as it was added. */
export type AddressDel = AddressAdd;

/** An address as it is read. */
export interface Address extends Omit<AddressAdd, "broadcast"> {
  /** Its family. */
  family: Family;
  /** The broadcast address of IPv4. */
  broadcast?: string;
  /** How far it reaches. */
  scope: Scope;
  /** For how many more seconds it is valid. */
  validLft: number;
  /** For how many more seconds new connections use it. */
  preferredLft: number;
  /** All flags, as the headers call them: `PERMANENT`, `TENTATIVE`, `SECONDARY`. */
  flags: readonly (string | number)[];
  /** When it was made, in hundredths of a second since the boot. */
  created?: number;
  /** When it was last changed, in hundredths of a second since the boot. */
  updated?: number;
}
