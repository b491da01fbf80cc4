/**
 * A link of each kind, with what iproute2 says to make it and shows of it.
 *
 * @module
 */

import type { LinkAdd } from "../../src/netlink/link/link.ts";

/** One link. The link `low` is there. */
export interface KindSample {
  readonly options: LinkAdd;
  /** What `ip link add` takes after the name. */
  readonly iproute2: string;
  /** Of `info_data` of `ip -j -d link show`. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/** Samples; the name of each link is `x0`. */
export const kindSamples: readonly KindSample[] = [
  { options: { kind: "dummy", mtu: 1400 }, iproute2: "mtu 1400 type dummy", shown: {} },
  { options: { kind: "ifb", mtu: 1400 }, iproute2: "mtu 1400 type ifb", shown: {} },
  { options: { kind: "wireguard" }, iproute2: "type wireguard", shown: {} },
  {
    options: { kind: "veth", peer: { name: "y0", mtu: 1400, mac: "02:00:00:00:00:01" } },
    iproute2: "type veth peer name y0 mtu 1400 address 02:00:00:00:00:01",
    shown: {},
  },
  {
    options: { kind: "netkit", mode: "l2", policy: "blackhole", peer: { name: "y0" } },
    iproute2: "type netkit",
    shown: {},
  },
  {
    options: {
      kind: "bridge",
      ageingTime: 1000,
      forwardDelay: 500,
      stpState: true,
      priority: 4096,
      groupFwdMask: 8,
      mcastSnooping: false,
      mcastQueryInterval: 6000,
      mcastHashMax: 512,
      noLinklocalLearn: true,
    },
    iproute2: "type bridge ageing_time 1000 forward_delay 500 stp_state 1 priority 4096 " +
      "group_fwd_mask 8 mcast_snooping 0 mcast_query_interval 6000 mcast_hash_max 512 " +
      "no_linklocal_learn 1",
    shown: {
      ageing_time: 1000,
      forward_delay: 500,
      stp_state: 1,
      priority: 4096,
      mcast_snooping: 0,
      mcast_query_intvl: 6000,
      mcast_hash_max: 512,
    },
  },
  {
    options: {
      kind: "vlan",
      link: "low",
      id: 5,
      protocol: "802.1ad",
      reorderHdr: false,
      looseBinding: true,
      ingressQosMap: [{ from: 1, to: 2 }],
      egressQosMap: [{ from: 3, to: 4 }],
    },
    iproute2: "link low type vlan id 5 protocol 802.1ad reorder_hdr off loose_binding on " +
      "ingress-qos-map 1:2 egress-qos-map 3:4",
    shown: { id: 5, protocol: "802.1ad", flags: ["LOOSE_BINDING"] },
  },
  {
    options: { kind: "macvlan", link: "low", mode: "source", macaddrs: ["02:00:00:00:00:07"] },
    iproute2: "link low type macvlan mode source",
    shown: { mode: "source" },
  },
  {
    options: { kind: "macvtap", link: "low", mode: "passthru", nopromisc: true },
    iproute2: "link low type macvtap mode passthru nopromisc",
    shown: { mode: "passthru" },
  },
  {
    options: { kind: "ipvlan", link: "low", mode: "l3", modeFlag: "private" },
    iproute2: "link low type ipvlan mode l3 private",
    shown: { mode: "l3", flags: "private" },
  },
  {
    options: { kind: "ipvtap", link: "low", mode: "l2", modeFlag: "vepa" },
    iproute2: "link low type ipvtap mode l2 vepa",
    shown: {},
  },
  {
    options: {
      kind: "vxlan",
      id: 42,
      dstport: 4789,
      local: "10.1.2.3",
      remote: "239.1.1.1",
      dev: "low",
      ttl: 7,
      tos: 4,
      srcport: { low: 1000, high: 2000 },
      learning: false,
      proxy: true,
      ageing: 100,
      maxaddress: 50,
      udpcsum: false,
      gbp: true,
      df: "set",
    },
    iproute2: "type vxlan id 42 dstport 4789 local 10.1.2.3 group 239.1.1.1 dev low ttl 7 tos 4 " +
      "srcport 1000 2000 nolearning proxy ageing 100 maxaddress 50 noudpcsum gbp df set",
    shown: {
      id: 42,
      port: 4789,
      local: "10.1.2.3",
      group: "239.1.1.1",
      link: "low",
      ttl: 7,
      tos: 4,
      port_range: { low: 1000, high: 2000 },
      learning: false,
      proxy: true,
      ageing: 100,
      limit: 50,
      udp_csum: false,
      gbp: true,
      df: "set",
    },
  },
  {
    options: { kind: "geneve", id: 7, remote: "fd00::1", dstport: 6000, ttl: "inherit", tos: 2 },
    iproute2: "type geneve id 7 remote fd00::1 dstport 6000 ttl inherit tos 2",
    shown: { id: 7, remote6: "fd00::1", port: 6000 },
  },
  {
    options: {
      kind: "gre",
      remote: "10.9.9.9",
      local: "10.1.2.3",
      ikey: 5,
      okey: 6,
      icsum: true,
      oseq: true,
      ttl: 9,
      dev: "low",
    },
    iproute2: "type gre remote 10.9.9.9 local 10.1.2.3 ikey 5 okey 6 icsum oseq ttl 9 dev low",
    shown: {
      remote: "10.9.9.9",
      local: "10.1.2.3",
      ikey: "0.0.0.5",
      okey: "0.0.0.6",
      icsum: true,
      oseq: true,
      ttl: 9,
      link: "low",
    },
  },
  {
    options: { kind: "gretap", remote: "10.9.9.9", tos: "inherit", pmtudisc: true },
    iproute2: "type gretap remote 10.9.9.9 tos inherit",
    shown: { remote: "10.9.9.9", tos: "inherit" },
  },
  {
    options: { kind: "ip6gre", remote: "fd00::9", local: "fd00::1", hoplimit: 9, tclass: 2 },
    iproute2: "type ip6gre remote fd00::9 local fd00::1 hoplimit 9 tclass 0x2",
    shown: { remote: "fd00::9", local: "fd00::1" },
  },
  {
    options: { kind: "ip6gretap", remote: "fd00::9", local: "fd00::1", flowlabel: 5 },
    iproute2: "type ip6gretap remote fd00::9 local fd00::1 flowlabel 0x5",
    shown: { remote: "fd00::9", local: "fd00::1" },
  },
  {
    options: { kind: "ipip", remote: "10.9.9.9", local: "10.1.2.3", ttl: 9, mode: "ipip" },
    iproute2: "type ipip remote 10.9.9.9 local 10.1.2.3 ttl 9 mode ipip",
    shown: { remote: "10.9.9.9", local: "10.1.2.3", ttl: 9 },
  },
  {
    options: { kind: "sit", remote: "10.9.9.9", local: "10.1.2.3", mode: "any" },
    iproute2: "type sit remote 10.9.9.9 local 10.1.2.3 mode any",
    shown: { remote: "10.9.9.9", local: "10.1.2.3", proto: "any" },
  },
  {
    options: {
      kind: "ip6tnl",
      remote: "fd00::9",
      local: "fd00::1",
      mode: "ipip6",
      encaplimit: 3,
      hoplimit: 9,
    },
    iproute2: "type ip6tnl remote fd00::9 local fd00::1 mode ipip6 encaplimit 3 hoplimit 9",
    shown: { remote: "fd00::9", local: "fd00::1" },
  },
  {
    options: {
      kind: "bond",
      mode: "active-backup",
      miimon: 100,
      updelay: 200,
      primaryReselect: "better",
      failOverMac: "active",
      minLinks: 1,
    },
    iproute2: "type bond mode active-backup miimon 100 updelay 200 primary_reselect better " +
      "fail_over_mac active min_links 1",
    shown: {
      mode: "active-backup",
      miimon: 100,
      updelay: 200,
      primary_reselect: "better",
      fail_over_mac: "active",
      min_links: 1,
    },
  },
  {
    options: {
      kind: "bond",
      mode: "802.3ad",
      adLacpRate: "fast",
      adActorSysPrio: 100,
      xmitHashPolicy: "layer3+4",
      arpInterval: 0,
    },
    iproute2: "type bond mode 802.3ad lacp_rate fast ad_actor_sys_prio 100 " +
      "xmit_hash_policy layer3+4",
    shown: { mode: "802.3ad", ad_lacp_rate: "fast", xmit_hash_policy: "layer3+4" },
  },
  { options: { kind: "vrf", table: 10 }, iproute2: "type vrf table 10", shown: { table: 10 } },
];
