import assert from "node:assert/strict";
import { isNetNSError } from "../../src/errors.ts";
import { NetNS } from "../../mod.ts";
import type { Filter, FilterAdd } from "../../src/netlink/tc/filter.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  inTwo,
  skipTests,
  skipWithoutAction,
  skipWithoutFilter,
  tc,
  tcJson,
} from "../helpers/traffic_control_kinds.ts";
import { skipAny } from "../helpers/requirements.ts";

const gact = await skipWithoutAction({ kind: "gact", controlAction: "drop" });
const police = await skipWithoutAction({
  kind: "police",
  rate: "1mbit",
  burst: "10k",
  exceed: "drop",
});
const matchall = await skipWithoutFilter("matchall");
const fw = await skipWithoutFilter("fw");
const flower = await skipWithoutFilter("flower");

/** A filter as tc describes it, and as this library does. */
interface Case {
  readonly skip?: false | string;
  readonly tc: string;
  readonly options: Record<string, unknown>;
}

const cases: readonly Case[] = [
  {
    tc: "protocol ip pref 5 u32 match ip src 10.1.0.0/16 match ip dport 80 0xffff flowid 1:10",
    options: {
      protocol: "ip",
      pref: 5,
      kind: "u32",
      match: [{ ip: { src: "10.1.0.0/16", dport: 80 } }],
      classid: "1:10",
    },
  },
  {
    tc: "protocol ipv6 pref 6 u32 match ip6 dst fd00::/64 match ip6 sport 53 0xffff flowid 1:20",
    options: {
      protocol: "ipv6",
      pref: 6,
      kind: "u32",
      match: [{ ip6: { dst: "fd00::/64" } }, { ip6: { sport: 53 } }],
      classid: "1:20",
    },
  },
  {
    tc: "protocol all pref 7 chain 3 u32 match u32 0x12345678 0xffffffff at 16 flowid :1",
    options: {
      pref: 7,
      chain: 3,
      kind: "u32",
      match: [{ value: 0x12345678, mask: 0xffffffff, offset: 16 }],
      classid: ":1",
    },
  },
  {
    tc: "protocol ip pref 8 u32 match u32 0 0 action mirred ingress mirror dev copies " +
      "pipe action mirred egress redirect dev copies",
    options: {
      protocol: "ip",
      pref: 8,
      kind: "u32",
      match: [{ value: 0, mask: 0, offset: 0 }],
      actions: [
        { kind: "mirred", direction: "ingress", action: "mirror", dev: "copies" },
        { kind: "mirred", action: "redirect", dev: "copies" },
      ],
    },
  },
  {
    skip: gact,
    tc: "protocol all pref 9 u32 match u32 0 0 action goto chain 7",
    options: {
      pref: 9,
      kind: "u32",
      match: [{ value: 0, mask: 0, offset: 0 }],
      actions: [{ kind: "gact", controlAction: "goto chain 7" }],
    },
  },
  {
    skip: police,
    tc: "protocol all pref 9 u32 match u32 0 0 action police rate 1mbit burst 10k " +
      "conform-exceed drop/pipe",
    options: {
      pref: 9,
      kind: "u32",
      match: [{ value: 0, mask: 0, offset: 0 }],
      actions: [{ kind: "police", rate: "1mbit", burst: "10k", exceed: "drop", conform: "pipe" }],
    },
  },
  {
    skip: skipAny(matchall, gact),
    tc: "protocol all pref 10 matchall classid 1:10 action drop",
    options: {
      pref: 10,
      kind: "matchall",
      classid: "1:10",
      actions: [{ kind: "gact", controlAction: "drop" }],
    },
  },
  {
    skip: fw,
    tc: "protocol ip pref 11 handle 6/0xff fw classid 1:10",
    options: { protocol: "ip", pref: 11, handle: 6, kind: "fw", mask: 0xff, classid: "1:10" },
  },
  {
    skip: flower,
    tc: "protocol ip pref 12 flower ip_proto tcp dst_ip 10.0.0.0/8 src_ip 10.1.2.3 dst_port 80 " +
      "src_mac 02:00:00:00:00:01 classid 1:10",
    options: {
      protocol: "ip",
      pref: 12,
      kind: "flower",
      ipProto: "tcp",
      dstIp: "10.0.0.0/8",
      srcIp: "10.1.2.3",
      dstPort: 80,
      srcMac: "02:00:00:00:00:01",
      classid: "1:10",
    },
  },
  {
    skip: flower,
    tc: "protocol 802.1q pref 13 flower vlan_id 5 vlan_prio 3 vlan_ethtype ipv6 " +
      "dst_ip fd00::/16 ip_proto udp src_port 53 classid 1:10",
    options: {
      protocol: "802.1q",
      pref: 13,
      kind: "flower",
      vlanId: 5,
      vlanPrio: 3,
      vlanEthtype: "ipv6",
      dstIp: "fd00::/16",
      ipProto: "udp",
      srcPort: 53,
      classid: "1:10",
    },
  },
];

/** Where the filters are, and a link for copies. */
async function prepare(...namespaces: NetNS[]): Promise<void> {
  for (const ns of namespaces) {
    await ns.link.add({ kind: "ifb", name: "copies" });
    await ns.qdisc.add({ dev: "lo", kind: "clsact" });
  }
}

/** What counts on, and what is told as seconds since it was made. */
function lasting(filters: unknown): unknown {
  const changing = ["installed", "last_used", "first_used", "stats"];
  return JSON.parse(JSON.stringify(filters, (key, value) => {
    // Numbers of actions are of all namespaces.
    return changing.includes(key) ? undefined : value;
  }));
}

/** Without tables of the kernel. */
function withoutTables(filters: readonly Filter[]): Filter[] {
  return filters.filter((filter) => filter.kind !== "u32" || filter.divisor === undefined);
}

for (const { skip = skipTests, tc: command, options } of cases) {
  leakChecked(
    `tc tells the same of our filter as of its own: ${command}`,
    { skip },
    () =>
      inTwo(async (ours, theirs) => {
        await prepare(ours, theirs);
        await ours.filter.add({ ...options, dev: "lo", parent: "egress" } as FilterAdd);
        await tc(theirs, `filter add dev lo egress ${command}`);
        const told = lasting(await tcJson(ours, "filter show dev lo egress"));
        assert.deepEqual(told, lasting(await tcJson(theirs, "filter show dev lo egress")));
        assert.ok((told as unknown[]).length > 0);
      }),
  );

  leakChecked(
    `a filter of tc is told, and can be made of that again: ${command}`,
    { skip },
    () =>
      inTwo(async (ours, theirs) => {
        await prepare(ours, theirs);
        await tc(theirs, `filter add dev lo egress ${command}`);
        const list = await theirs.filter.list({ dev: "lo", parent: "egress" });
        const [told, ...others] = withoutTables(list);
        assert.deepEqual(others, []);
        const { pref, kind, classid } = options;
        assert.deepEqual(
          [told!.dev, told!.parent, told!.pref, told!.kind, told!.classid],
          ["lo", "egress", pref, kind, classid],
        );
        const made = await ours.filter.add(told!);
        assert.deepEqual(lasting(made), lasting(told));
      }),
  );
}

leakChecked(
  "filters are added, changed, replaced, listed and removed",
  { skip: skipTests },
  async () => {
    const ns = NetNS.create();
    try {
      await prepare(ns);
      const place = { dev: "lo", parent: "ingress", kind: "u32" } as const;
      const match = [{ ip: { dport: 80 } }];
      const first = await ns.filter.add({ ...place, match, classid: "1:1" });
      assert.deepEqual([first.protocol, first.chain], ["all", 0]);
      const { pref, handle } = first;
      await ns.filter.change({ ...place, pref, handle, match, classid: "1:2" });
      await ns.filter.replace({ ...place, pref: 7, protocol: "ip", match, classid: "1:3" });
      await ns.filter.replace({ ...place, pref: 8, protocol: "arp", classid: "1:4", chain: 5 });
      const list = async (filter = {}) =>
        withoutTables(await ns.filter.list({ dev: "lo", parent: "ingress", ...filter }))
          .map(({ classid }) => classid);
      assert.deepEqual(await list(), ["1:3", "1:2", "1:4"]);
      assert.deepEqual(await list({ pref: 7 }), ["1:3"]);
      assert.deepEqual(await list({ protocol: "arp" }), ["1:4"]);
      assert.deepEqual(await list({ chain: 5 }), ["1:4"]);
      assert.deepEqual(await list({ parent: "egress" }), []);
      const dumped: unknown[] = [];
      for await (const { kind } of ns.filter.dump({ dev: "lo", parent: "ingress" })) {
        dumped.push(kind);
      }
      assert.equal(dumped.length, 6);
      const gone = { dev: "lo", parent: "ingress", pref };
      await ns.filter.del({ ...gone, handle, kind: "u32", protocol: "all" });
      assert.deepEqual(await list(), ["1:3", "1:4"]);
      await ns.filter.del({ dev: "lo", parent: "ingress", pref: 7 });
      assert.deepEqual(await list(), ["1:4"]);
      await ns.filter.del({ dev: "lo", parent: "ingress", chain: 5 });
      assert.deepEqual(await list(), []);
    } finally {
      await ns.close();
    }
  },
);

leakChecked("tables of u32 filters lead on by a hash", { skip: skipTests }, async () => {
  const ns = NetNS.create();
  try {
    await prepare(ns);
    const place = { dev: "lo", parent: "ingress", protocol: "ip", pref: 8, kind: "u32" } as const;
    await ns.filter.add({ ...place, handle: "1:", divisor: 256 });
    const match = [{ ip: { src: "10.2.3.4" } }];
    const inside = await ns.filter.add({ ...place, ht: "1:4:", match, classid: "1:1" });
    assert.equal(inside.handle, "1:4:800");
    assert.ok(inside.kind === "u32" && inside.ht === "1:4:");
    const leading = await ns.filter.add({
      ...place,
      link: "1:",
      hashkey: { mask: 0xff, offset: 12 },
      match: [{ ip: { src: "10.2.0.0/16" } }],
    });
    assert.ok(leading.kind === "u32" && leading.link === "1:");
    assert.deepEqual(leading.hashkey, { mask: 0xff, offset: 12 });
  } finally {
    await ns.close();
  }
});

leakChecked("links share the filters of a block", { skip: skipTests }, async () => {
  const ns = NetNS.create();
  try {
    await prepare(ns);
    const made = await ns.qdisc.add({ dev: "copies", kind: "clsact", ingressBlock: 22 });
    assert.equal(made.ingressBlock, 22);
    const filter = await ns.filter.add({ block: 22, kind: "u32", classid: "1:1" });
    assert.deepEqual([filter.block, filter.dev], [22, undefined]);
    assert.equal(withoutTables(await ns.filter.list({ block: 22 })).length, 1);
    await ns.filter.del({ block: 22 });
    assert.deepEqual(await ns.filter.list({ block: 22 }), []);
  } finally {
    await ns.close();
  }
});

leakChecked("what the kernel refuses of a filter is told", { skip: skipTests }, async () => {
  const ns = NetNS.create();
  try {
    const options = { dev: "lo", parent: "9:", kind: "u32", classid: "1:1" } as const;
    await assert.rejects(
      ns.filter.add(options),
      (error) =>
        isNetNSError(error) && error.code === "EINVAL" &&
        error.message.startsWith("filter add dev lo u32 failed with EINVAL: Parent Qdisc"),
    );
    await ns.qdisc.add({ dev: "lo", kind: "clsact" });
    const unknown = ns.filter.add({ dev: "lo", parent: "ingress", kind: "nosuch" });
    await assert.rejects(unknown, { code: "ENOENT" });
    const actions = [{ kind: "mirred", action: "mirror", dev: "none" }] as const;
    const noLink = ns.filter.add({ ...options, parent: "ingress", actions: [...actions] });
    await assert.rejects(noLink, { code: "ENODEV" });
    const none = ns.filter.del({ dev: "lo", parent: "ingress", pref: 9 });
    await assert.rejects(none, { code: "ENOENT" });
  } finally {
    await ns.close();
  }
});
