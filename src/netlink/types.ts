/**
 * The types of rtnetlink that callers see.
 *
 * @module
 */

export type { Address, AddressAdd, AddressDel } from "./addr/address.ts";
export type { Addresses, AddressFilter } from "./addr/addresses.ts";
export type { RawAttribute } from "./codec/attributes.ts";
export type { DisposableIterator } from "../disposable_iterator.ts";
export type { AttributePolicy, Extack } from "./extack.ts";
export type { Family } from "./family.ts";
export type { Fdb, FdbFilter } from "./fdb/fdb.ts";
export type { FdbAdd, FdbDel, FdbEntry, FdbState } from "./fdb/fdb_entry.ts";
export type { IpProtocol } from "./ip_protocol.ts";
export type { BridgeVlan } from "./link/bridge_vlan.ts";
export type { BridgeVlanFilter, BridgeVlans } from "./link/bridge_vlans.ts";
export type { Bond, BondAdInfo } from "./link/kinds/bond.ts";
export type { BondPort } from "./link/kinds/bond_port.ts";
export type { Bridge, BridgeQuerierState } from "./link/kinds/bridge.ts";
export type { BridgePort } from "./link/kinds/bridge_port.ts";
export type { Geneve } from "./link/kinds/geneve.ts";
export type { Gre, GreOptions, Gretap, Ip6gre, Ip6gretap } from "./link/kinds/gre.ts";
export type { Ip6tnl, Ipip, Sit } from "./link/kinds/iptunnel.ts";
export type { Ipvlan, IpvlanOptions, Ipvtap } from "./link/kinds/ipvlan.ts";
export type { Macvlan, MacvlanOptions, Macvtap } from "./link/kinds/macvlan.ts";
export type { LinkKind, LinkPort } from "./link/kinds/mod.ts";
export type { Netkit } from "./link/kinds/netkit.ts";
export type { Peer } from "./link/kinds/peer.ts";
export type { Dummy, Ifb, Wireguard } from "./link/kinds/plain.ts";
export type { Tap, Tun, TunOptions } from "./link/kinds/tun.ts";
export type { Ipv4TunnelOptions, Ipv6TunnelOptions, TunnelOptions } from "./link/kinds/tunnel.ts";
export type { Veth } from "./link/kinds/veth.ts";
export type { Vlan, VlanQosMapping } from "./link/kinds/vlan.ts";
export type { Vrf, VrfPort } from "./link/kinds/vrf.ts";
export type { Vxlan } from "./link/kinds/vxlan.ts";
export type {
  GenericLink,
  Link,
  LinkAdd,
  LinkChanges,
  LinkSettings,
  LinkState,
  LinkStats,
  NetworkNamespace,
  NewLinkSettings,
} from "./link/link.ts";
export type { LinkFlags } from "./link/link_flags.ts";
export type { LinkFilter, Links } from "./link/links.ts";
export type {
  MonitorChange,
  MonitoredObjects,
  MonitorEvent,
  MonitorGroup,
  MonitorOptions,
  MonitorOverrun,
} from "./monitor/monitor_event.ts";
export type {
  Neighbour,
  NeighbourAdd,
  NeighbourCacheInfo,
  NeighbourKey,
  NeighbourState,
} from "./neigh/neighbour.ts";
export type { NeighbourFilter, Neighbours } from "./neigh/neighbours.ts";
export type { Nsids } from "./nsid/nsids.ts";
export type { Protocol } from "./protocol.ts";
export type {
  EncapType,
  Nexthop,
  Route,
  RouteAdd,
  RouteCacheInfo,
  RouteDel,
  RouteType,
} from "./route/route.ts";
export type { RouteFilter } from "./route/route_filter.ts";
export type { RouteLookup } from "./route/route_lookup.ts";
export type { LockableMetric, RouteMetrics } from "./route/route_metrics.ts";
export type { Routes } from "./route/routes.ts";
export type { RoutingTable } from "./routing_table.ts";
export type { NumberRange, Rule, RuleAction, RuleAdd, RuleDel } from "./rule/rule.ts";
export type { RuleFilter, Rules } from "./rule/rules.ts";
export type { Scope } from "./scope.ts";
export type { Gact, GenericParameters } from "./tc/actions/gact.ts";
export type { Mirred } from "./tc/actions/mirred.ts";
export type {
  Action,
  ActionAdd,
  ActionKind,
  ActionSettings,
  GenericAction,
} from "./tc/actions/mod.ts";
export type { Police } from "./tc/actions/police.ts";
export type { ControlAction } from "./tc/control_action.ts";
export type {
  Filter,
  FilterAdd,
  FilterPlace,
  FilterSettings,
  FilterState,
  FilterTarget,
  GenericFilter,
} from "./tc/filter.ts";
export type { FilterFilter, Filters } from "./tc/filters.ts";
export type { ClassifierFlag } from "./tc/filters/classifier_flags.ts";
export type { Flower } from "./tc/filters/flower.ts";
export type { Fw, Matchall } from "./tc/filters/matchall.ts";
export type { FilterKind } from "./tc/filters/mod.ts";
export type { U32 } from "./tc/filters/u32.ts";
export type { Ip6Match, IpMatch, U32Key, U32Match } from "./tc/filters/u32_match.ts";
export type { EthernetProtocol } from "./tc/protocols.ts";
export type {
  GenericQdisc,
  Qdisc,
  QdiscAdd,
  QdiscPlace,
  QdiscSettings,
  QdiscState,
  QdiscTarget,
  TrafficClass,
  TrafficClassAdd,
  TrafficClassSettings,
  TrafficClassState,
} from "./tc/qdisc.ts";
export type { QdiscFilter, Qdiscs } from "./tc/qdiscs.ts";
export type { Bfifo, Pfifo, Prio } from "./tc/qdiscs/fifo.ts";
export type { Fq } from "./tc/qdiscs/fq.ts";
export type { FqCodel } from "./tc/qdiscs/fq_codel.ts";
export type { Hfsc, HfscClass, ServiceCurve } from "./tc/qdiscs/hfsc.ts";
export type { Htb, HtbClass } from "./tc/qdiscs/htb.ts";
export type { ClassKind, Ingress, PlainQdisc, QdiscKind } from "./tc/qdiscs/mod.ts";
export type { Netem, Slot } from "./tc/qdiscs/netem.ts";
export type { Distribution } from "./tc/qdiscs/netem_distribution.ts";
export type { LossGemodel, LossState } from "./tc/qdiscs/netem_loss.ts";
export type { Sfq } from "./tc/qdiscs/sfq.ts";
export type { Tbf } from "./tc/qdiscs/tbf.ts";
export type { PacketLength } from "./tc/rate_spec.ts";
export type { TrafficStats } from "./tc/stats.ts";
export type {
  TrafficClasses,
  TrafficClassFilter,
  TrafficClassTarget,
} from "./tc/traffic_classes.ts";
export type { Duration, Percentage, Rate, Size } from "./tc/units.ts";
