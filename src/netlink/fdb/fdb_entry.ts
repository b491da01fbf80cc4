/**
 * An entry of a forwarding database: by which port, or to which other end of a tunnel, a link-layer
 * address is reached.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { NeighbourCacheInfo } from "../neigh/neighbour.ts";
import type { Protocol } from "../protocol.ts";

/** How long an entry stays. */
export type FdbState = "permanent" | "static" | "dynamic" | "stale" | number;

/** An entry to remove: the address, the link, and what else tells it from others. */
export interface FdbDel {
  /** The link-layer address. */
  mac: string;
  /** The port of a bridge, or the VXLAN; by name or index. */
  dev: string | number;
  /**
   * Whether the database is that of the bridge that `dev` is a port of; as it is read, the name of
   * that bridge.
   */
  master?: boolean | string | number | null | undefined;
  /** Whether the database is that of `dev` itself. @default {true}, unless `master` is set */
  self?: boolean | undefined;
  /** How long it stays. `permanent` is an address of the machine itself. @default {"permanent"} */
  state?: FdbState | undefined;
  /** The other end of the tunnel. */
  dst?: string | undefined;
  /** The VLAN. */
  vlan?: number | undefined;
  /** The VNI that packets are sent with. */
  vni?: number | undefined;
  /** The VNI that packets came with. */
  srcVni?: number | undefined;
  /** The UDP port of the other end. */
  port?: number | undefined;
  /** The link that the other end is reached by, by name or index. */
  via?: string | number | null | undefined;
  /** The id of a nexthop object. */
  nhid?: number | undefined;
  /** Whether it does not move to another port. */
  sticky?: boolean | undefined;
  /** Whether it is a router. */
  router?: boolean | undefined;
  /** Whether it counts as used now. */
  use?: boolean | undefined;
  /** Whether another program keeps it. */
  externLearn?: boolean | undefined;
  /** Who made it. */
  proto?: Protocol | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
  /** As it is read; not written. */
  offloaded?: boolean | undefined;
  /** As it is read; not written. */
  locked?: boolean | undefined;
  /** As it is read; not written. */
  linkNetnsid?: number | undefined;
  /** As it is read; not written. */
  cacheInfo?: NeighbourCacheInfo | undefined;
}

/** An entry to add. */
export type FdbAdd = FdbDel;

/** An entry as it is read. */
export interface FdbEntry extends FdbAdd {
  /** The name of the bridge that `dev` is a port of. */
  master?: string | number;
  /** How long it stays. */
  state: FdbState;
}
