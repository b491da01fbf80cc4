/**
 * A route, as it is described and as it is read.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { LWTUNNEL_ENCAP, RTN } from "../constants/route.ts";
import type { Family } from "../family.ts";
import type { Protocol } from "../protocol.ts";
import type { RoutingTable } from "../routing_table.ts";
import type { Scope } from "../scope.ts";
import type { LockableMetric, RouteMetrics } from "./route_metrics.ts";

/** What happens to packets that a route matches. */
export type RouteType = keyof typeof RTN | number;

/** How packets of a route are wrapped: a word of iproute2, or a number of `LWTUNNEL_ENCAP_*`. */
export type EncapType = keyof typeof LWTUNNEL_ENCAP | number;

/** Where packets go next. */
export interface Nexthop {
  /** The gateway; it may be of another family than the route. */
  via?: string | undefined;
  /** The link, by name or index. */
  dev?: string | number | null | undefined;
  /** Its share of the packets, from 1 to 256. @default {1} */
  weight?: number | undefined;
  /** Whether the gateway is taken to be on the link though no prefix says so. */
  onlink?: boolean | undefined;
  /** How packets are wrapped. */
  encapType?: EncapType | undefined;
  /** The attributes of the wrapping, as bytes. */
  encap?: Uint8Array | undefined;
  /** The realms, the source's in the upper 16 bits. */
  realms?: number | undefined;
  /** As it is read: `dead`, `linkdown`, `onlink`; not written. */
  flags?: readonly (string | number)[] | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
}

/** A route to add. */
export interface RouteAdd extends RouteMetrics {
  /** Where to: `default`, or an address with the length of its prefix; all its bits without. */
  dst: string;
  /** The family; of `default` that of `via`, `src` or `from`, else IPv4. */
  family?: Family | undefined;
  /** What happens to the packets. @default {"unicast"} */
  type?: RouteType | undefined;
  /** The gateway; it may be of another family than the route. */
  via?: string | undefined;
  /** The link, by name or index. */
  dev?: string | number | null | undefined;
  /** Whether the gateway is taken to be on the link though no prefix says so. */
  onlink?: boolean | undefined;
  /** Several next hops that share the packets, instead of `via` and `dev`. */
  nexthops?: Nexthop[] | undefined;
  /** The id of a nexthop object. `via`, `dev`, `onlink` and `nexthops` are its own then. */
  nhid?: number | undefined;
  /** The table. @default {"main"}, of the types local, broadcast, anycast and nat `local` */
  table?: RoutingTable | undefined;
  /** Among routes to one prefix the one of the lowest metric is taken. */
  metric?: number | undefined;
  /** The address that packets are sent from, unless their sender chose one. */
  src?: string | undefined;
  /** From where: the route is for packets of these sources only. IPv6. */
  from?: string | undefined;
  /** The type of service that packets must have. */
  tos?: number | undefined;
  /** How far it reaches: `link` for IPv4 without a gateway, else `global` by default. */
  scope?: Scope | undefined;
  /** Who made it. @default {"boot"} */
  proto?: Protocol | undefined;
  /** Which of several routers is preferred. IPv6. */
  pref?: "low" | "medium" | "high" | number | undefined;
  /** After how many seconds it is removed. IPv6. */
  expires?: number | undefined;
  /** How packets are wrapped. */
  encapType?: EncapType | undefined;
  /** The attributes of the wrapping, as bytes. */
  encap?: Uint8Array | undefined;
  /** Whether the time to live is taken over into what it is wrapped in. */
  ttlPropagate?: boolean | undefined;
  /** The realms, the source's in the upper 16 bits. */
  realms?: number | undefined;
  /** Metrics that the kernel must not change by what it learns. */
  lock?: readonly (LockableMetric | number)[] | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
  /** As it is read; not written. */
  flags?: readonly (string | number)[] | undefined;
  /** As it is read; not written. */
  cacheInfo?: RouteCacheInfo | undefined;
  /** As {@linkcode Routes.get} tells it; not written. */
  iif?: string | number | null | undefined;
  /** As {@linkcode Routes.get} tells it; not written. */
  mark?: number | undefined;
  /** As {@linkcode Routes.get} tells it; not written. */
  uid?: number | undefined;
}

/** A route to remove: as much of it as tells it from others. */
export type RouteDel = RouteAdd;

/** `struct rta_cacheinfo`. */
export interface RouteCacheInfo {
  /** How many hold it. */
  users: number;
  /** Since when it was not used, in 1/100 s. */
  age: number;
  /** What packets are answered with: `-errno`, or 0. */
  error: number;
  /** How often it was used. */
  used: number;
}

/** A route as it is read. */
export interface Route extends RouteAdd {
  /** Its family. */
  family: Family;
  /** What happens to the packets. */
  type: RouteType;
  /** The table that it is in; 0 where none was looked up, as for a broadcast. */
  table: RoutingTable;
  /** Who made it. */
  proto: Protocol;
  /** How far it reaches. */
  scope: Scope;
  /** What the kernel says of it, in iproute2's words: `dead`, `linkdown`, `onlink`, `offload`. */
  flags: readonly (string | number)[];
}
