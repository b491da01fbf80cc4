/**
 * A queueing discipline, as it is described and as it is read.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { ClassKind, QdiscKind } from "./qdiscs/mod.ts";
import type { TrafficStats } from "./stats.ts";

/** Where a qdisc is. */
export interface QdiscPlace {
  /** The link, by name or index. */
  dev: string | number;
  /**
   * `root`, `ingress` (of ingress and clsact), or the class that it is the queue of: `1:10`. By
   * default what the kind is for.
   */
  parent?: string | undefined;
}

/** What every qdisc has. */
export interface QdiscSettings extends QdiscPlace {
  /** Its number, hexadecimal: `1:`; the kernel chooses one. */
  handle?: string | undefined;
  /** The number of the block of filters that links share for what they receive. */
  ingressBlock?: number | undefined;
  /** The number of the block of filters that links share for what they send. */
  egressBlock?: number | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
}

/** A qdisc of a kind without a type here: its options are raw attributes. */
export interface GenericQdisc {
  kind: string & Record<never, never>;
}

/** A qdisc to make, or as which to change one. */
export type QdiscAdd = QdiscSettings & (QdiscKind | GenericQdisc);

/** Which qdisc to remove: by its place, which is `root` by default, or by its handle. */
export interface QdiscTarget extends QdiscPlace {
  handle?: string | undefined;
  /** Only one of this kind. */
  kind?: string | undefined;
}

/** What the kernel tells about a qdisc besides. */
export interface QdiscState extends QdiscSettings {
  handle: string;
  parent: string;
  /** How many refer to it. */
  refcnt: number;
  /** Whether hardware does its work. */
  offloaded?: boolean;
  stats: TrafficStats;
}

/** A qdisc as it is read. */
export type Qdisc = QdiscState & QdiscKind;

/** What every class has. */
export interface TrafficClassSettings {
  /** The link, by name or index. */
  dev: string | number;
  /** Its number, below that of its qdisc, hexadecimal: `1:10`. */
  classid: string;
  /** The class that it is below, or its qdisc, as by default. */
  parent?: string | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
}

/** A class to make, or as which to change one. */
export type TrafficClassAdd = TrafficClassSettings & (ClassKind | GenericQdisc);

/** What the kernel tells about a class besides. */
export interface TrafficClassState extends TrafficClassSettings {
  /** `root` for one directly below the qdisc. */
  parent: string;
  /** The qdisc that is its queue. */
  leaf?: string;
  offloaded?: boolean;
  stats: TrafficStats;
}

/** A class as it is read. */
export type TrafficClass = TrafficClassState & ClassKind;
