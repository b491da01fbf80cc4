/**
 * A neighbour: the link-layer address of an address on a link.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { NUD } from "../constants/neighbour.ts";
import type { Family } from "../family.ts";
import type { Protocol } from "../protocol.ts";

/** What is known of a neighbour: a word of iproute2, or bits of `NUD_*`. */
export type NeighbourState = keyof typeof NUD | number;

/** Which neighbour: to get or to remove it. */
export interface NeighbourKey {
  /** Its address. */
  dst: string;
  /** The link, by name or index. */
  dev: string | number;
  /** Whether the machine answers for the address: an entry of its own kind. */
  proxy?: boolean | undefined;
}

/** A neighbour to add. */
export interface NeighbourAdd extends NeighbourKey {
  /** Its link-layer address. */
  lladdr?: string | undefined;
  /** What is known of it. @default {"permanent"} */
  nud?: NeighbourState | undefined;
  /** Whether it is a router. */
  router?: boolean | undefined;
  /** Whether it is asked for its address now. */
  use?: boolean | undefined;
  /** Whether its address is kept fresh by the kernel. */
  managed?: boolean | undefined;
  /** Whether its address is kept fresh by another program. */
  externLearn?: boolean | undefined;
  /** Whether its address was validated by another program. */
  externValid?: boolean | undefined;
  /** Who made it. */
  proto?: Protocol | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
  /** The family, which the address tells as well. */
  family?: Family | undefined;
  /** As it is read; not written. */
  offloaded?: boolean | undefined;
  /** As it is read; not written. */
  probes?: number | undefined;
  /** As it is read; not written. */
  cacheInfo?: NeighbourCacheInfo | undefined;
}

/** `struct nda_cacheinfo`: since when, in 1/100 s. */
export interface NeighbourCacheInfo {
  /** Since it was last confirmed to be reachable. */
  confirmed: number;
  /** Since it was last used. */
  used: number;
  /** Since it was last changed. */
  updated: number;
  /** How many hold it. */
  refcnt: number;
}

/** A neighbour as it is read. */
export interface Neighbour extends NeighbourAdd {
  /** Its family. */
  family: Family;
  /** What is known of it. */
  nud: NeighbourState;
}
