import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { NetNS } from "../../mod.ts";
import { isNetNSError } from "../../src/errors.ts";
import type { BridgeVlan } from "../../src/netlink/link/bridge_vlan.ts";
import type { LinkAdd, LinkChanges } from "../../src/netlink/link/link.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipIf } from "../helpers/requirements.ts";
import { timeLimit } from "../helpers/time_limit.ts";

/** Runs a function with new namespaces. */
async function within(run: (ns: NetNS, other: NetNS) => Promise<void>): Promise<void> {
  const ns = NetNS.create();
  const other = NetNS.create();
  try {
    await run(ns, other);
  } finally {
    await ns.close();
    await other.close();
  }
}

async function names(ns: NetNS): Promise<string[]> {
  return (await ns.link.list()).map(({ name }) => name).sort();
}

/** The names of the links that a new namespace has not. */
async function newNames(ns: NetNS): Promise<string[]> {
  const ours = NetNS.create();
  try {
    const old = await names(ours);
    return (await names(ns)).filter((name) => !old.includes(name));
  } finally {
    await ours.close();
  }
}

leakChecked("a pair across two namespaces is made in one call", async () => {
  await within(async (ns, other) => {
    const peer = { name: "eth0", netns: other, mac: "02:00:00:00:00:02", mtu: 1400, up: true };
    const made = await ns.link.add({ kind: "veth", name: "eth0", up: true, peer });
    assert.ok(made.kind === "veth");
    // The kernel works on that a moment later.
    const end = performance.now() + timeLimit(5000);
    while ((await ns.link.get("eth0")).operstate !== "up") assert.ok(performance.now() < end);
    // The index of the other end is one of the other namespace.
    const there = await other.link.get("eth0");
    assert.equal(made.link, there.index);
    assert.notEqual(made.linkNetnsid, undefined);
    assert.equal(made.peer, undefined);
    const { mac, mtu, up } = there;
    assert.deepEqual({ mac, mtu, up }, { mac: peer.mac, mtu: 1400, up: true });
  });
});

leakChecked("a pair can be made from a third namespace", async () => {
  await within(async (ns, other) => {
    const third = NetNS.create();
    const made = await third.link.add({
      kind: "veth",
      name: "one",
      netns: ns,
      peer: { name: "two", netns: other },
    });
    assert.equal(made.name, "one");
    assert.deepEqual(await newNames(ns), ["one"]);
    assert.deepEqual(await newNames(other), ["two"]);
    assert.deepEqual(await newNames(third), []);
    await third.close();
  });
});

leakChecked("what the kernel ignores in a new link is set all the same", async () => {
  await within(async (ns) => {
    await ns.link.add({ kind: "bridge", name: "br0" });
    const made = await ns.link.add({
      kind: "ifb",
      name: "x0",
      alias: "an alias",
      altnames: ["a-name-that-is-longer-than-others", "x-zero"],
      addrGenMode: "none",
      master: "br0",
      port: { kind: "bridge", isolated: true, cost: 9 },
    });
    assert.equal(made.alias, "an alias");
    assert.deepEqual(made.altnames, ["a-name-that-is-longer-than-others", "x-zero"]);
    assert.equal(made.addrGenMode, "none");
    assert.equal(made.master, "br0");
    assert.ok(made.port?.kind === "bridge");
    assert.deepEqual([made.port.isolated, made.port.cost], [true, 9]);
  });
});

leakChecked("a link that cannot be set as described is removed again", async () => {
  await within(async (ns) => {
    const port = { kind: "bridge", isolated: true } as const;
    await assert.rejects(ns.link.add({ kind: "ifb", name: "x0", port }), { code: "EOPNOTSUPP" });
    await assert.rejects(
      ns.link.add({ kind: "tap", name: "t0", mtu: 1, up: true }),
      (error) => isNetNSError(error) && error.code === "EINVAL",
    );
    assert.deepEqual(await newNames(ns), []);
  });
});

leakChecked("links without a name get the first that is free", async () => {
  await within(async (ns, other) => {
    assert.equal((await ns.link.add({ kind: "bridge" })).name, "bridge0");
    const more = await Promise.all(
      Array.from({ length: 5 }, () => ns.link.add({ kind: "bridge", netns: other })),
    );
    const names = more.map(({ name }) => name);
    assert.equal(new Set(names).size, 5);
    for (const name of names) assert.match(name, /^bridge\d$/);
    assert.deepEqual(await newNames(other), names.sort());
  });
});

leakChecked("a link moves, is renamed and brought up in one message", async () => {
  await within(async (ns, other) => {
    await ns.link.add({ kind: "ifb", name: "x0", altnames: ["along"] });
    await ns.link.set("x0", { netns: other, name: "y0", up: true, mtu: 1400 });
    const { up, mtu, altnames } = await other.link.get("y0");
    assert.deepEqual({ up, mtu, altnames }, { up: true, mtu: 1400, altnames: ["along"] });
    assert.deepEqual(await newNames(ns), []);
  });
});

leakChecked("a link becomes a port in the namespace to which it moves", async () => {
  await within(async (ns, other) => {
    await other.link.add({ kind: "bridge", name: "br0" });
    await ns.link.add({ kind: "veth", name: "x0", peer: { name: "x1" } });
    const port = { kind: "bridge", hairpin: true } as const;
    await ns.link.set("x0", { netns: other, master: "br0", port });
    const moved = await other.link.get("x0");
    assert.equal(moved.master, "br0");
    assert.ok(moved.port?.kind === "bridge" && moved.port.hairpin === true);
    const made = await ns.link.add({ kind: "ifb", name: "y0", netns: other, master: "br0" });
    assert.equal(made.master, "br0");
    assert.deepEqual((await other.link.list({ master: "br0" })).length, 2);
  });
});

leakChecked("names that are in use there keep a link here", async () => {
  await within(async (ns, other) => {
    await ns.link.add({ kind: "ifb", name: "x0" });
    await other.link.add({ kind: "ifb", name: "x0" });
    await assert.rejects(ns.link.set("x0", { netns: other }), {
      code: "EEXIST",
      op: "link set x0",
    });
    await assert.rejects(ns.link.add({ kind: "ifb", name: "x0" }), { code: "EEXIST" });
    await ns.link.add({ kind: "ifb", name: "y0" });
    await assert.rejects(ns.link.set("y0", { name: "x0" }), { code: "EEXIST" });
    assert.deepEqual(await newNames(ns), ["x0", "y0"]);
  });
});

leakChecked("lo stays where it is", async () => {
  await within(async (ns, other) => {
    await assert.rejects(ns.link.set("lo", { netns: other }), { code: "EINVAL" });
    await assert.rejects(ns.link.del("lo"), { code: "EOPNOTSUPP" });
    const lo = await ns.link.get("lo");
    await ns.link.set("lo", lo);
  });
});

leakChecked("alternative names are added and removed, and find their link", async () => {
  await within(async (ns) => {
    const { index } = await ns.link.add({ kind: "ifb", name: "x0" });
    await ns.link.set("x0", { altnames: ["one", "a-name-that-is-longer-than-others"] });
    assert.equal((await ns.link.get("one")).index, index);
    await ns.link.set("a-name-that-is-longer-than-others", { altnames: ["one", "two"] });
    assert.deepEqual((await ns.link.get(index)).altnames, ["one", "two"]);
    await ns.link.set("one", { altnames: [], name: "y0" });
    assert.equal((await ns.link.get("y0")).altnames, undefined);
    await assert.rejects(ns.link.get("one"), { code: "ENODEV" });
  });
});

leakChecked("options of a kind are changed, and the rest of them stays", async () => {
  await within(async (ns) => {
    await ns.link.add({ kind: "bridge", name: "br0", ageingTime: 1000, groupFwdMask: 8 });
    await ns.link.set("br0", { kind: "bridge", stpState: true });
    const bridge = await ns.link.get("br0");
    assert.ok(bridge.kind === "bridge");
    const { stpState, ageingTime, groupFwdMask } = bridge;
    assert.deepEqual({ stpState, ageingTime, groupFwdMask }, {
      stpState: true,
      ageingTime: 1000,
      groupFwdMask: 8,
    });
    await assert.rejects(ns.link.set("br0", { kind: "vlan", gvrp: true }), { code: "EOPNOTSUPP" });
  });
});

leakChecked("lists hold the links of a kind, of a master, up or down", async () => {
  await within(async (ns) => {
    await ns.link.add({ kind: "bridge", name: "br0", up: true });
    await ns.link.add({ kind: "veth", name: "x0", master: "br0", peer: { name: "x1" } });
    await ns.link.add({ kind: "tap", name: "t0" });
    await ns.link.add({ kind: "tun", name: "t1" });
    const list = async (filter: Parameters<typeof ns.link.list>[0]) =>
      (await ns.link.list(filter)).map(({ name }) => name);
    assert.deepEqual(await list({ kind: "bridge" }), ["br0"]);
    assert.deepEqual((await list({ kind: "veth" })).sort(), ["x0", "x1"]);
    assert.deepEqual(await list({ kind: "tap" }), ["t0"]);
    assert.deepEqual(await list({ kind: "tun" }), ["t1"]);
    assert.deepEqual(await list({ kind: "nosuch" }), []);
    assert.deepEqual(await list({ master: "br0" }), ["x0"]);
    assert.deepEqual(await list({ master: "br0", up: true }), []);
    assert.ok((await list({ up: true })).includes("br0"));
    await assert.rejects(ns.link.list({ master: "absent" }), { code: "ENODEV" });
    const dumped: string[] = [];
    for await (const { name } of ns.link.dump({ master: "br0" })) dumped.push(name);
    assert.deepEqual(dumped, ["x0"]);
  });
});

leakChecked(
  "tun and tap stay without a program, and have the options they were made with",
  async () => {
    await within(async (ns, other) => {
      const tap = await ns.link.add({
        kind: "tap",
        name: "t0",
        owner: 1000,
        ownerGroup: 100,
        multiQueue: true,
        vnetHdr: true,
        mtu: 1400,
        up: true,
      });
      assert.ok(tap.kind === "tap");
      const { owner, ownerGroup, multiQueue, vnetHdr, pi, persist, mtu, up } = tap;
      assert.deepEqual({ owner, ownerGroup, multiQueue, vnetHdr, pi, persist, mtu, up }, {
        owner: 1000,
        ownerGroup: 100,
        multiQueue: true,
        vnetHdr: true,
        pi: false,
        persist: true,
        mtu: 1400,
        up: true,
      });
      const { stdout } = await ns.exec("ip", ["-j", "-d", "link", "show", "t0"]);
      const { info_kind, info_data } = JSON.parse(stdout)[0].linkinfo;
      assert.deepEqual([info_kind, info_data.type, info_data.persist], ["tun", "tap", true]);
      await assert.rejects(ns.link.add({ kind: "tun", name: "t0" }), { code: "EEXIST" });

      const tun = await ns.link.add({ kind: "tun", netns: other, pi: true });
      assert.ok(tun.kind === "tun" && tun.pi === true);
      assert.deepEqual(await newNames(other), [tun.name]);

      await ns.exec("ip", ["tuntap", "add", "t2", "mode", "tap"]);
      assert.equal((await ns.link.get("t2")).kind, "tap");
      await ns.link.set("t0", tap);
      await ns.link.del("t0");
      const again = await ns.link.add(tap);
      assert.deepEqual([again.kind, again.mac, again.mtu], ["tap", tap.mac, 1400]);
    });
  },
);

leakChecked("a kind without a type here is made from raw attributes", async () => {
  await within(async (ns) => {
    const data = Uint8Array.from([0xe8, 0x03, 0, 0]);
    const within = "IFLA_LINKINFO/IFLA_INFO_DATA";
    const kind: string = "bridge";
    await ns.link.add({ kind, name: "br0", attributes: [{ type: 4, data, within }] });
    const bridge = await ns.link.get("br0");
    assert.ok(bridge.kind === "bridge" && bridge.ageingTime === 1000);
  });
});

leakChecked("links are counted", async () => {
  await within(async (ns) => {
    const before = await ns.link.stats("lo");
    await ns.do(async () => {
      const { createSocket } = await import("node:dgram");
      const socket = createSocket("udp4");
      await new Promise<void>((resolve) => {
        socket.bind(0, "127.0.0.1", () => socket.send("x", socket.address().port, "127.0.0.1"));
        socket.on("message", () => socket.close(() => resolve()));
      });
    });
    const { rxPackets, rxBytes } = await ns.link.stats("lo");
    assert.ok(rxPackets > before.rxPackets && rxBytes > before.rxBytes);
    assert.equal((await ns.link.get("lo")).stats?.rxPackets, rxPackets);
    await assert.rejects(ns.link.stats("absent"), { code: "ENODEV" });
  });
});

async function hasBridgeVlans(): Promise<boolean> {
  const ns = NetNS.create();
  try {
    await ns.link.add({ kind: "bridge", name: "br0", vlanFiltering: true });
    return true;
  } catch {
    return false;
  } finally {
    await ns.close();
  }
}

leakChecked("ports of a bridge are put into VLANs and taken out of them", {
  skip: skipIf(!(await hasBridgeVlans()), "the kernel has no VLANs of bridges"),
}, async () => {
  await within(async (ns) => {
    await ns.link.add({ kind: "bridge", name: "br0", vlanFiltering: true, vlanDefaultPvid: 0 });
    await ns.link.add({ kind: "veth", name: "x0", master: "br0", peer: { name: "x1" } });
    const { bridgeVlan } = ns.link;
    const vlans: BridgeVlan[] = [
      { dev: "x0", vid: 10, pvid: true, untagged: true },
      { dev: "x0", vid: 20, vidEnd: 30 },
      { dev: "br0", vid: 10, self: true },
    ];
    for (const vlan of vlans) await bridgeVlan.add(vlan);
    assert.deepEqual(await bridgeVlan.list({ dev: "x0" }), vlans.slice(0, 2));
    assert.deepEqual(await bridgeVlan.list({ dev: "br0" }), vlans.slice(2));
    const { stdout } = await ns.exec("bridge", ["-j", "-compressvlans", "vlan", "show"]);
    const shown = JSON.parse(stdout) as {
      ifname: string;
      vlans: { flags?: string[] }[];
    }[];
    const ofPort = shown.find(({ ifname }) => ifname === "x0")!.vlans;
    assert.deepEqual(ofPort.map(({ flags = [], ...vlan }) => ({ ...vlan, flags })), [
      { vlan: 10, flags: ["PVID", "Egress Untagged"] },
      { vlan: 20, vlanEnd: 30, flags: [] },
    ]);
    await bridgeVlan.del({ dev: "x0", vid: 20, vidEnd: 29 });
    assert.deepEqual(await bridgeVlan.list({ dev: "x0" }), [vlans[0], { dev: "x0", vid: 30 }]);
    await bridgeVlan.del(vlans[2]!);
    assert.deepEqual((await bridgeVlan.list()).length, 2);
  });
});

/** What does not fit, and the error that says so. */
const badAdds: readonly (readonly [options: unknown, message: RegExp])[] = [
  [undefined, /^options.kind must be the kind of a link/],
  [{ name: "x0" }, /^options.kind must be the kind of a link: current value is undefined$/],
  [{ kind: "ifb", name: "sixteen-letters!" }, /^options.name must be at most 15 bytes/],
  [{ kind: "ifb", name: "a/b" }, /^options.name must be a name without/],
  [{ kind: "ifb", name: "" }, /^options.name must be a name without .*current value is ""$/],
  [{ kind: "ifb", mtu: -1 }, /^options.mtu must be an integer from 0 .*current value is -1$/],
  [{ kind: "ifb", up: 1 }, /^options.up must be a boolean: current value is 1$/],
  [{ kind: "ifb", mac: "02:00" + ":zz" }, /^options.mac must be a link-layer address/],
  [{ kind: "ifb", altnames: "x" }, /^options.altnames must be an array/],
  [{ kind: "ifb", altnames: ["a b"] }, /^options.altnames\[0\] must be a name without/],
  [{ kind: "ifb", operstatus: "up" }, /^options.operstatus is not an option: .*\bup, .*altnames/],
  [{ kind: "ifb", port: {} }, /^options.port.kind must be the kind of the master/],
  [{ kind: "ifb", port: { kind: "bridge", x: 1 } }, /^options.port.x is not an option: .*kind/],
  [{ kind: "ifb", netns: {} }, /^options.netns must be a handle, a name/],
  [{ kind: "veth", peer: "v1" }, /^options.peer must be an object: current value is "v1"$/],
  [{ kind: "veth", peer: { mtu: "x" } }, /^options.peer.mtu must be an integer/],
  [{ kind: "veth", peer: { master: "x" } }, /^options.peer.master is not an option/],
  [{ kind: "netkit", mode: "l4" }, /^options.mode must be one of "l2", "l3", or a number/],
  [{ kind: "bridge", ageingTime: "1s" }, /^options.ageingTime must be an integer/],
  [{ kind: "bridge", vlanProtocol: "802.1x" }, /^options.vlanProtocol must be one of "802.1q"/],
  [{ kind: "bridge", mstEnabled: 1 }, /^options.mstEnabled must be a boolean/],
  [{ kind: "vlan", id: 70000 }, /^options.id must be an integer from 0 to 65535/],
  [{ kind: "vlan", gvrp: "on" }, /^options.gvrp must be a boolean/],
  [{ kind: "vlan", egressQosMap: [{ from: 1, too: 2 }] }, /^options.egressQosMap\[0\].too is not/],
  [{ kind: "macvlan", mode: "switch" }, /^options.mode must be one of "private"/],
  [{ kind: "macvtap", nodst: 1 }, /^options.nodst must be a boolean/],
  [{ kind: "macvlan", macaddrs: [1] }, /^options.macaddrs\[0\] must be a link-layer address/],
  [{ kind: "ipvlan", modeFlag: "open" }, /^options.modeFlag must be one of "bridge"/],
  [{ kind: "ipvtap", mode: "l1" }, /^options.mode must be one of "l2"/],
  [{ kind: "vxlan", id: 1, remote: "host" }, /^options.remote must be an IPv4 or IPv6 address/],
  [{ kind: "vxlan", id: 1, ttl: "auto" }, /^options.ttl must be an integer or "inherit"/],
  [{ kind: "vxlan", id: 1, ttl: 256 }, /^options.ttl must be an integer from 0 to 255/],
  [{ kind: "vxlan", id: 1, srcport: { low: 0, high: 70000 } }, /^options.srcport.high must be/],
  [{ kind: "geneve", id: 1, dstport: -1 }, /^options.dstport must be an integer from 0/],
  [{ kind: "gre", ikey: "5" }, /^options.ikey must be an integer/],
  [{ kind: "gretap", oseq: 1 }, /^options.oseq must be a boolean/],
  [{ kind: "ip6gre", tclass: 256 }, /^options.tclass must be an integer from 0 to 255/],
  [{ kind: "ip6gretap", inheritDscp: 1 }, /^options.inheritDscp must be a boolean/],
  [{ kind: "ipip", remote: "::1" }, /^options.remote must be an IPv4 address/],
  [{ kind: "sit", mode: "ip" }, /^options.mode must be one of "any"/],
  [{ kind: "ip6tnl", local: "10.0.0.1" }, /^options.local must be an IPv6 address/],
  [{ kind: "bond", mode: "fast" }, /^options.mode must be one of "balance-rr"/],
  [{ kind: "bond", arpIpTarget: ["::1"] }, /^options.arpIpTarget\[0\] must be an IPv4 address/],
  [{ kind: "bond", primary: {} }, /^options.primary must be the name or the index of a link/],
  [{ kind: "vrf", table: "main" }, /^options.table must be an integer/],
  [{ kind: "tun", owner: -1 }, /^options.owner must be an integer from 0/],
  [{ kind: "tap", multiQueue: 2 }, /^options.multiQueue must be a boolean/],
  [{ kind: "tap", name: "a name" }, /^options.name must be a name without/],
  [{ kind: "x", attributes: {} }, /^options.attributes must be an array/],
  [
    { kind: "x", attributes: [{ type: 1, data: Buffer.alloc(1), within: "IFLA_INFO_DATA" }] },
    /^options.attributes\[0\].within must be one of .*"IFLA_LINKINFO\/IFLA_INFO_DATA"/,
  ],
];

leakChecked("options that do not fit are refused by name, and nothing is made", async () => {
  await within(async (ns) => {
    for (const [options, message] of badAdds) {
      const refused = (error: unknown) => {
        assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
        assert.match(error.message, message);
        return true;
      };
      await assert.rejects(ns.link.add(options as LinkAdd), refused);
    }
    const bad = (changes: unknown) => ns.link.set("lo", changes as LinkChanges);
    await assert.rejects(bad({ mtu: "x" }), /^TypeError: changes.mtu must be an integer/);
    await assert.rejects(
      bad({ ageingTime: 1 }),
      /^TypeError: changes.ageingTime is an option only together with kind: "bridge"$/,
    );
    await assert.rejects(bad({ port: { kind: 1 } }), /^TypeError: changes.port.kind must be/);
    await assert.rejects(ns.link.get(0), /^RangeError: dev must be an integer from 1/);
    await assert.rejects(ns.link.del(undefined as never), /^TypeError: dev must be a string/);
    const vlan = (options: unknown) => ns.link.bridgeVlan.add(options as BridgeVlan);
    await assert.rejects(vlan(undefined), /^TypeError: vlan must be an object/);
    await assert.rejects(vlan({ dev: "lo", vid: 4095 }), /^RangeError: vlan.vid must be/);
    await assert.rejects(vlan({ dev: "lo", vid: 2, vidEnd: 1 }), /^RangeError: vlan.vidEnd must/);
    await assert.rejects(
      vlan({ dev: "lo", vid: 2, vidEnd: 3, pvid: true }),
      /^RangeError: vlan.pvid must be false for a range/,
    );
    assert.deepEqual(await newNames(ns), []);
  });
});
