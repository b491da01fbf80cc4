/**
 * A filter of packets, as it is described and as it is read.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { FilterKind } from "./filters/mod.ts";
import type { EthernetProtocol } from "./protocols.ts";

/** Where filters are: at a link, or in a block that links share. */
export interface FilterPlace {
  /** The link, by name or index. */
  dev?: string | number | undefined;
  /** The number of the block, instead of a link: the `ingressBlock` of their qdiscs. */
  block?: number | undefined;
  /**
   * What it is attached to: `root`, as by default, `ingress` or `egress` (of clsact), or a qdisc or
   * class by its handle: `1:`.
   */
  parent?: string | undefined;
}

/** What every filter has. */
export interface FilterSettings extends FilterPlace {
  /** Filters of a lower number look first; the kernel chooses one. */
  pref?: number | undefined;
  /** Of which packets; `all` by default. */
  protocol?: EthernetProtocol | undefined;
  /**
   * Its number among those of its `pref`, which the kernel chooses: of u32 `800::801`, of fw the
   * mark.
   */
  handle?: string | number | undefined;
  /** The chain that it is in; 0 by default. */
  chain?: number | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
}

/** A filter of a kind without a type here: its options are raw attributes. */
export interface GenericFilter {
  kind: string & Record<never, never>;
}

/** A filter to make, or as which to change one. */
export type FilterAdd = FilterSettings & (FilterKind | GenericFilter);

/** Which filters to remove: with a `handle` one, with a `pref` those of it, else all. */
export interface FilterTarget extends FilterPlace {
  pref?: number | undefined;
  protocol?: EthernetProtocol | undefined;
  handle?: string | number | undefined;
  chain?: number | undefined;
  /** The kind, which is needed with `handle`. */
  kind?: string | undefined;
}

/** What the kernel tells about a filter besides. */
export interface FilterState extends FilterSettings {
  parent?: string;
  pref: number;
  protocol: EthernetProtocol;
  handle: string | number;
  chain?: number;
}

/** A filter as it is read. */
export type Filter = FilterState & FilterKind;
