import assert from "node:assert/strict";
import test from "node:test";
import type { FilterAdd } from "../../src/netlink/tc/filter.ts";
import { readFilter, writeFilter, writeFilterTarget } from "../../src/netlink/tc/filter_message.ts";
import { answersTo, assertSame, sentByUs } from "../helpers/traffic_control_golden.ts";

const v0 = { dev: "v0", parent: "1:" } as const;
const everything = [{ value: 0, mask: 0, offset: 0 }];

const filters: Readonly<Record<string, FilterAdd>> = {
  "parent 1: protocol ip prio 5 u32 match ip src 10.1.0.0/16 match ip dport 80 0xffff flowid 1:10":
    {
      ...v0,
      protocol: "ip",
      pref: 5,
      kind: "u32",
      match: [{ ip: { src: "10.1.0.0/16", dport: 80 } }],
      classid: "1:10",
    },
  "parent 1: protocol ip prio 5 u32 match ip protocol 6 0xff match ip sport 443 0xffff match ip dport 1000 0xffff match ip tos 0x10 0xff classid 1:20":
    {
      ...v0,
      protocol: "ip",
      pref: 5,
      kind: "u32",
      match: [{ ip: { protocol: "tcp", sport: 443 } }, { ip: { dport: 1000, dsfield: 16 } }],
      classid: "1:20",
    },
  "parent 1: protocol ipv6 prio 6 u32 match ip6 dst fd00::/64 match ip6 dport 53 0xffff flowid 1:20":
    {
      ...v0,
      protocol: "ipv6",
      pref: 6,
      kind: "u32",
      match: [{ ip6: { dst: "fd00::/64", dport: 53 } }],
      classid: "1:20",
    },
  "parent 1: protocol all prio 7 u32 match u32 0x12345678 0xffffffff at 16 match u16 0x800 0xffff at -2 match u8 1 0xff at 9 flowid 1:10":
    {
      ...v0,
      pref: 7,
      kind: "u32",
      match: [
        { value: 0x12345678, mask: 0xffffffff, offset: 16 },
        { value: 0x800, mask: 0xffff, offset: -4 },
        { value: 1 << 16, mask: 0xff << 16, offset: 8, offmask: 0 },
      ],
      classid: "1:10",
    },
  "parent 1: protocol ip prio 5 handle 800::888 u32 match ip icmp_type 8 0xff match ip dst 10.9.9.9/32 flowid 1:10":
    {
      ...v0,
      protocol: "ip",
      pref: 5,
      handle: "800::888",
      kind: "u32",
      match: [{ ip: { icmpType: 8, dst: "10.9.9.9" } }],
      classid: "1:10",
    },
  "parent 1: prio 8 protocol ip handle 1: u32 divisor 256": {
    ...v0,
    protocol: "ip",
    pref: 8,
    handle: "1:",
    kind: "u32",
    divisor: 256,
  },
  "parent 1: prio 8 protocol ip u32 ht 1:7: match ip src 10.2.3.4 flowid 1:10": {
    ...v0,
    protocol: "ip",
    pref: 8,
    kind: "u32",
    ht: "1:7:",
    match: [{ ip: { src: "10.2.3.4/32" } }],
    classid: "1:10",
  },
  "parent 1: prio 8 protocol ip u32 link 1: hashkey mask 0x000000ff at 12 match ip src 10.2.0.0/16":
    {
      ...v0,
      protocol: "ip",
      pref: 8,
      kind: "u32",
      link: "1:",
      hashkey: { mask: 0xff, offset: 12 },
      match: [{ ip: { src: "10.2.0.0/16" } }],
    },
  "parent 1: protocol all prio 9 matchall classid 1:10 action drop": {
    ...v0,
    pref: 9,
    kind: "matchall",
    classid: "1:10",
    actions: [{ kind: "gact", controlAction: "drop" }],
  },
  "parent 1: protocol ip prio 9 handle 0x6 fw classid 1:10": {
    ...v0,
    protocol: "ip",
    pref: 9,
    handle: 6,
    kind: "fw",
    classid: "1:10",
  },
  "parent 1: protocol ip prio 9 handle 6/0xff fw classid 1:10 action pass": {
    ...v0,
    protocol: "ip",
    pref: 9,
    handle: 6,
    kind: "fw",
    mask: 0xff,
    classid: "1:10",
    actions: [{ kind: "gact", controlAction: "pass" }],
  },
  "parent 1: protocol ip prio 10 flower ip_proto tcp dst_ip 10.0.0.0/8 src_ip 10.1.2.3 dst_port 80 src_mac 02:00:00:00:00:01 action drop":
    {
      ...v0,
      protocol: "ip",
      pref: 10,
      kind: "flower",
      ipProto: "tcp",
      dstIp: "10.0.0.0/8",
      srcIp: "10.1.2.3",
      dstPort: 80,
      srcMac: "02:00:00:00:00:01",
      actions: [{ kind: "gact", controlAction: "drop" }],
    },
  "parent 1: protocol ipv6 prio 10 flower dst_ip fd00::/16 ip_proto udp src_port 53 skip_hw classid 1:10":
    {
      ...v0,
      protocol: "ipv6",
      pref: 10,
      kind: "flower",
      ipProto: "udp",
      dstIp: "fd00::/16",
      srcPort: 53,
      flags: ["skipHw"],
      classid: "1:10",
    },
  "parent 1: protocol 802.1Q prio 10 flower vlan_id 5 vlan_prio 3 vlan_ethtype ipv4 classid 1:10": {
    ...v0,
    protocol: "802.1q",
    pref: 10,
    kind: "flower",
    vlanId: 5,
    vlanPrio: 3,
    vlanEthtype: "ip",
    classid: "1:10",
  },
  "parent 1: protocol all prio 11 matchall action gact reclassify index 5": {
    ...v0,
    pref: 11,
    kind: "matchall",
    actions: [{ kind: "gact", controlAction: "reclassify", index: 5 }],
  },
  "parent 1: protocol all prio 11 matchall action goto chain 7": {
    ...v0,
    pref: 11,
    kind: "matchall",
    actions: [{ kind: "gact", controlAction: "goto chain 7" }],
  },
  "parent 1: protocol all prio 11 matchall action police rate 1mbit burst 10k conform-exceed drop/pipe":
    {
      ...v0,
      pref: 11,
      kind: "matchall",
      actions: [{
        kind: "police",
        rate: "1mbit",
        burst: "10k",
        exceed: "drop",
        conform: "pipe",
      }],
    },
  "parent 1: protocol all prio 11 matchall action police rate 50gbit burst 1m mtu 9000 drop": {
    ...v0,
    pref: 11,
    kind: "matchall",
    actions: [{ kind: "police", rate: "50gbit", burst: "1m", mtu: 9000, exceed: "drop" }],
  },
};

const others: Record<string, FilterAdd> = {
  "filter add dev ifb0 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev v0":
    {
      dev: "ifb0",
      parent: "ffff:",
      kind: "u32",
      match: everything,
      actions: [{ kind: "mirred", action: "redirect", dev: "v0" }],
    },
  "filter add dev ifb0 ingress protocol ip prio 9 u32 match u32 0 0 action mirred ingress mirror dev v1 pipe action mirred egress redirect dev v0":
    {
      dev: "ifb0",
      parent: "ingress",
      protocol: "ip",
      pref: 9,
      kind: "u32",
      match: everything,
      actions: [
        { kind: "mirred", direction: "ingress", action: "mirror", dev: "v1" },
        { kind: "mirred", direction: "egress", action: "redirect", dev: "v0" },
      ],
    },
  "filter add dev ifb1 egress protocol arp prio 3 u32 match u32 0 0 action mirred egress mirror dev v0 index 77":
    {
      dev: "ifb1",
      parent: "egress",
      protocol: "arp",
      pref: 3,
      kind: "u32",
      match: everything,
      actions: [{ kind: "mirred", action: "mirror", dev: 3, index: 77 }],
    },
  "filter add dev ifb1 ingress prio 4 chain 2 u32 match u32 0 0 flowid 1:5": {
    dev: "ifb1",
    parent: "ingress",
    pref: 4,
    chain: 2,
    kind: "u32",
    match: everything,
    classid: "1:5",
  },
};

for (const [command, options] of Object.entries(filters)) {
  others[`filter add dev v0 ${command}`] = options;
}

for (const [command, options] of Object.entries(others)) {
  test(`a filter is sent as by tc ${command}`, () => {
    const sent = sentByUs((writer) => writeFilter(writer, options, "all"));
    assertSame(sent, command, options.kind);
  });
}

test("filters to remove are named as by tc", () => {
  const target = { dev: "ifb1", parent: "egress", pref: 3, protocol: "arp" };
  const sent = sentByUs((writer) => writeFilterTarget(writer, target, "options"));
  assertSame(sent, "filter del dev ifb1 egress prio 3 protocol arp", "u32");
});

test("what the kernel told tc about filters reads as it was written", () => {
  const all = answersTo("filter show dev ifb0 ingress", readFilter);
  assert.deepEqual(all.map(({ pref }) => pref), [9, 9, 49152, 49152]);
  const [table, filter, ...none] = all.filter(({ pref }) => pref === 9);
  assert.deepEqual(none, []);
  const place = { dev: "ifb0", parent: "ingress", protocol: "ip", pref: 9, chain: 0 };
  assert.deepEqual(table, { ...place, kind: "u32", handle: "801:", divisor: 1 });
  const stats = { bytes: 0, packets: 0, drops: 0, overlimits: 0, requeues: 0, qlen: 0, backlog: 0 };
  assert.deepEqual(filter, {
    ...place,
    kind: "u32",
    handle: "801::800",
    flags: ["notInHw"],
    match: [{ value: 0, mask: 0, offset: 0, offmask: 0 }],
    actions: [
      {
        kind: "mirred",
        direction: "ingress",
        action: "mirror",
        dev: "v1",
        controlAction: "pipe",
        index: 2,
        stats,
      },
      {
        kind: "mirred",
        direction: "egress",
        action: "redirect",
        dev: "v0",
        controlAction: "stolen",
        index: 3,
        stats,
      },
    ],
  });
});
