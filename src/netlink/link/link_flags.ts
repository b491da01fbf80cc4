/**
 * `ifi_flags` and `ifi_change` of `struct ifinfomsg`: what is on or off about a link.
 *
 * @module
 */

import { checkBoolean } from "../../check.ts";
import type { Members } from "../codec/attribute_table.ts";
import {
  IFF,
  IFF_ALLMULTI,
  IFF_DYNAMIC,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_PROMISC,
  IFF_UP,
} from "../constants/if.ts";

/** What a caller may switch. */
export interface LinkFlags {
  /** Whether it is administratively up. */
  up?: boolean | undefined;
  /** Whether it takes every frame. */
  promisc?: boolean | undefined;
  /** Whether it takes every multicast frame. */
  allmulticast?: boolean | undefined;
  /** Whether it uses ARP. */
  arp?: boolean | undefined;
  /** Whether it can do multicast. */
  multicast?: boolean | undefined;
  /** Whether its addresses go when it goes down. */
  dynamic?: boolean | undefined;
}

const switches: readonly (readonly [name: keyof LinkFlags, bit: number, inverted?: true])[] = [
  ["up", IFF_UP],
  ["promisc", IFF_PROMISC],
  ["allmulticast", IFF_ALLMULTI],
  ["arp", IFF_NOARP, true],
  ["multicast", IFF_MULTICAST],
  ["dynamic", IFF_DYNAMIC],
];

/** The members that {@linkcode LinkFlags} has. */
export const linkFlagNames: readonly string[] = switches.map(([name]) => name);

const words = Object.entries(IFF);

/** The flags to set, and which of them change. */
export function flagsOf(members: Members, option: string): { flags: number; change: number } {
  let flags = 0;
  let change = 0;
  for (const [name, bit, inverted] of switches) {
    const value = members[name];
    checkBoolean(`${option}.${name}`, value);
    if (value === undefined) continue;
    change |= bit;
    if (value !== (inverted ?? false)) flags |= bit;
  }
  return { flags, change };
}

/** Puts what the flags say into an object. */
export function readFlags(flags: number, members: Members): void {
  for (const [name, bit, inverted] of switches) {
    members[name] = (flags & bit) !== 0 !== (inverted ?? false);
  }
  members.flags = flagWords(flags);
}

let lastFlags = 0;
let lastWords: readonly string[] = [];

/** Most links of a dump have the same flags. */
function flagWords(flags: number): readonly string[] {
  if (flags !== lastFlags) {
    lastFlags = flags;
    lastWords = Object.freeze(words.filter(([, bit]) => flags & bit).map(([word]) => word));
  }
  return lastWords;
}
