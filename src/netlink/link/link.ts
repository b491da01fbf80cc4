/**
 * A link (a network interface), as it is described and as it is read.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { LinkKind, LinkPort } from "./kinds/mod.ts";
import type { LinkFlags } from "./link_flags.ts";

/** A network namespace: a handle, a name, a path (with a slash) or a process id. */
export type NetworkNamespace = { readonly dev: number; readonly inode: number } | string | number;

/** What a link can be given as it is made; what is left out is chosen by the kernel. */
export interface NewLinkSettings extends LinkFlags {
  /** Its name, at most 15 bytes. */
  name?: string | undefined;
  /** Its index in the namespace; the kernel chooses a free one. Only told for `tun` and `tap`. */
  index?: number | undefined;
  /** Its link-layer address: `02:00:00:00:00:01`. */
  mac?: string | undefined;
  /** Its link-layer broadcast address. */
  broadcast?: string | undefined;
  /** The largest packet that it sends, in bytes. */
  mtu?: number | undefined;
  /** The namespace that it is to be in. */
  netns?: NetworkNamespace | undefined;
  /** How many packets may wait to be sent. */
  txqueuelen?: number | undefined;
  /** The number of the group that it belongs to. */
  group?: number | undefined;
  /** How many queues it sends through; set as it is made. */
  numTxQueues?: number | undefined;
  /** How many queues it receives through; set as it is made. */
  numRxQueues?: number | undefined;
  /** The largest packet that is segmented by it, in bytes. */
  gsoMaxSize?: number | undefined;
  /** Into how many segments at most. */
  gsoMaxSegs?: number | undefined;
  /** The largest packet that is assembled, in bytes. */
  groMaxSize?: number | undefined;
  /** As `gsoMaxSize`, of IPv4. */
  gsoIpv4MaxSize?: number | undefined;
  /** As `groMaxSize`, of IPv4. */
  groIpv4MaxSize?: number | undefined;
  /** How operational state follows from the carrier. */
  linkMode?: "default" | "dormant" | "testing" | number | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
}

/** What every link has and a caller may set; what is left out is not touched. */
export interface LinkSettings extends NewLinkSettings {
  /**
   * The link below it, by name or index: of a VLAN, a macvlan, an ipvlan. As it is read, the other
   * end of a pair too; an index where that is in another namespace.
   */
  link?: string | number | null | undefined;
  /** The bridge, bond or vrf whose port it is, by name or index; null for none. */
  master?: string | number | null | undefined;
  /** What it does as a port of its master. */
  port?: LinkPort | undefined;
  /** A description, at most 255 bytes. */
  alias?: string | undefined;
  /** More names of it, at most 127 bytes each; those that are not among them are removed. */
  altnames?: string[] | undefined;
  /** Whether the carrier is held down by the protocol above. */
  protoDown?: boolean | undefined;
  /** How IPv6 addresses of the link are made. */
  addrGenMode?: "eui64" | "none" | "stableSecret" | "random" | number | undefined;
  /** The id of the namespace that `link` is in, where that is another one. */
  linkNetnsid?: number | undefined;
}

/** `struct rtnl_link_stats64`: counts since the link was made, exact up to 2^53. */
export interface LinkStats {
  rxPackets: number;
  txPackets: number;
  rxBytes: number;
  txBytes: number;
  rxErrors: number;
  txErrors: number;
  rxDropped: number;
  txDropped: number;
  multicast: number;
  collisions: number;
  rxLengthErrors: number;
  rxOverErrors: number;
  rxCrcErrors: number;
  rxFrameErrors: number;
  rxFifoErrors: number;
  rxMissedErrors: number;
  txAbortedErrors: number;
  txCarrierErrors: number;
  txFifoErrors: number;
  txHeartbeatErrors: number;
  txWindowErrors: number;
  rxCompressed: number;
  txCompressed: number;
  rxNohandler?: number;
  rxOtherhostDropped?: number;
}

/** What the kernel tells about a link besides. */
export interface LinkState extends Omit<LinkSettings, "netns"> {
  name: string;
  index: number;
  /** The kind of its link layer: `ether`, `loopback`; a number of `ARPHRD_*` without a word. */
  type: string | number;
  /** All flags, as iproute2 shows them: `UP`, `LOWER_UP`. */
  flags: readonly string[];
  up: boolean;
  promisc: boolean;
  allmulticast: boolean;
  arp: boolean;
  multicast: boolean;
  dynamic: boolean;
  mtu: number;
  /** Whether it works: `up` once it is up and has a carrier. */
  operstate: string | number;
  carrier?: boolean;
  /** Its queueing discipline. */
  qdisc?: string;
  stats?: LinkStats;
  promiscuity?: number;
  allmulti?: number;
  carrierChanges?: number;
  carrierUpCount?: number;
  carrierDownCount?: number;
  minMtu?: number;
  maxMtu?: number;
  tsoMaxSize?: number;
  tsoMaxSegs?: number;
  permMac?: string;
  parentDev?: string;
  parentBus?: string;
  physPortName?: string;
  numVf?: number;
  maxPacingOffloadHorizon?: number;
  headroom?: number;
  tailroom?: number;
  netnsImmutable?: boolean;
  /** In the event of a link that moved away: the id of the namespace that it is in now. */
  newNetnsid?: number;
  /** In the same event: its index there. */
  newIfindex?: number;
}

/** A link as it is read. Those of drivers, as `lo`, have no kind. */
export type Link = LinkState & (LinkKind | { kind?: undefined });

/**
 * A link of a kind without a type here. Its options are raw attributes, within
 * `IFLA_LINKINFO/IFLA_INFO_DATA`; an empty array for none.
 */
export interface GenericLink {
  kind: string & Record<never, never>;
  attributes: RawAttribute[];
}

/** A link to make. */
export type LinkAdd = LinkSettings & (LinkKind | GenericLink);

type ChangesOfKind<Kind> = Kind extends LinkKind ? Partial<Kind> & Pick<Kind, "kind"> : never;

/** What to change about a link. Options of its kind are taken together with the kind. */
export type LinkChanges =
  & LinkSettings
  & (ChangesOfKind<LinkKind> | GenericLink | { kind?: undefined });
