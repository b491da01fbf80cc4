import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

leakChecked("requests of one turn are carried out in order, however many each takes", {
  skip,
}, async () => {
  const ns = NetNS.create();
  const other = NetNS.create();
  try {
    const peer = { name: "p0", up: true, netns: other };
    const [, , named, , , link] = await Promise.all([
      ns.link.add({ kind: "ifb", name: "z0" }),
      ns.addr.add({ dev: "z0", address: "10.7.7.7/32" }),
      ns.link.add({ kind: "ifb", name: "z1", alias: "second", altnames: ["one"] }),
      ns.link.set("one", { altnames: ["two"], up: true }),
      ns.route.add({ dst: "10.9.0.0/16", dev: "two" }),
      ns.link.get("two"),
      ns.link.add({ kind: "veth", name: "v0", up: true, peer }),
      ns.addr.add({ dev: "v0", address: "10.8.0.1/24" }),
      ns.link.set("z0", { netns: other, name: "moved" }),
      ns.link.add({ kind: "ifb", name: "z0" }),
    ]);
    assert.equal(named.alias, "second");
    assert.equal(link.name, "z1");
    const names = async (of: NetNS) => (await of.link.list()).map(({ name }) => name).sort();
    assert.deepEqual(await names(ns), ["lo", "v0", "z0", "z1"]);
    assert.deepEqual(await names(other), ["lo", "moved", "p0"]);
    assert.deepEqual((await ns.addr.list({ dev: "v0", family: "inet" })).length, 1);
  } finally {
    await ns.close();
    await other.close();
  }
});

leakChecked("options that change after the call are not heeded", { skip }, async () => {
  const ns = NetNS.create();
  try {
    const options = { kind: "veth" as const, name: "mu0", alias: "x", peer: { name: "mu1" } };
    const added = ns.link.add(options);
    options.name = "other";
    options.peer.name = "hacked";
    await added;
    const names = (await ns.link.list()).map(({ name }) => name).sort();
    assert.deepEqual(names, ["lo", "mu0", "mu1"]);
  } finally {
    await ns.close();
  }
});

/** Options whose members are other ones when they are read again. */
function fickle<T extends object>(options: T): T {
  const names = Object.keys(options) as (keyof T)[];
  const seen = new Set<keyof T>();
  const copy = {} as T;
  for (const name of names) {
    Object.defineProperty(copy, name, {
      enumerable: true,
      get() {
        assert.ok(!seen.has(name), `${String(name)} is read twice`);
        seen.add(name);
        return options[name];
      },
    });
  }
  return copy;
}

leakChecked("options of all objects are read once, so that what is checked is what is sent", {
  skip,
}, async () => {
  const ns = NetNS.create();
  try {
    await ns.link.add(fickle({ kind: "ifb", name: "z0", up: true }));
    await ns.link.add({ kind: "bridge", name: "br0" });
    await ns.link.set("z0", fickle({ mtu: 1400, master: "br0" }));
    await ns.addr.add(fickle({ dev: "z0", address: "10.7.7.7/24" }));
    await ns.addr.list(fickle({ dev: "z0", family: "inet" as const }));
    await ns.addr.del(fickle({ dev: "z0", address: "10.7.7.7/24" }));
    await ns.addr.add({ dev: "z0", address: "10.7.7.7/24" });
    await ns.route.add(fickle({ dst: "10.9.0.0/16", via: "10.7.7.1", metric: 7 }));
    await ns.route.get("10.9.0.1", fickle({ oif: "z0", mark: 1 }));
    await ns.route.list(fickle({ dev: "z0", dst: "10.9.0.0/16", proto: "boot" as const }));
    await ns.route.del(fickle({ dst: "10.9.0.0/16", metric: 7 }));
    await ns.rule.add(fickle({ from: "10.0.0.0/8", table: 100, priority: 9 }));
    await ns.rule.list(fickle({ table: 100, priority: 9 }));
    await ns.rule.del(fickle({ from: "10.0.0.0/8", table: 100, priority: 9 }));
    const neighbour = { dev: "z0", dst: "10.7.7.8", lladdr: "02:00:00:00:00:08" };
    await ns.neigh.add(fickle(neighbour));
    await ns.neigh.get(fickle({ dev: "z0", dst: "10.7.7.8" }));
    await ns.neigh.list(fickle({ dev: "z0", proxy: false }));
    await ns.neigh.del(fickle(neighbour));
    const entry = { dev: "z0", mac: "02:00:00:00:00:09", master: true, state: "static" as const };
    await ns.fdb.add(fickle(entry));
    await ns.fdb.list(fickle({ dev: "z0", br: "br0" }));
    await ns.fdb.del(fickle(entry));
    await assert.rejects(
      ns.link.bridgeVlan.add(fickle({ dev: "z0", vid: 5000 })),
      { name: "RangeError" },
    );
    await ns.link.bridgeVlan.list(fickle({ dev: "z0" }));
    const qdisc = { dev: "z0", kind: "htb" as const, handle: "1:", default: "1" };
    await ns.qdisc.add(fickle(qdisc));
    await ns.qdisc.list(fickle({ dev: "z0", kind: "htb" }));
    const trafficClass = { dev: "z0", kind: "htb" as const, classid: "1:1", rate: 1_000_000 };
    await ns.class.add(fickle(trafficClass));
    await ns.class.change(fickle(trafficClass));
    await ns.class.list(fickle({ dev: "z0", parent: "1:" }));
    await ns.filter.add(fickle({
      dev: "z0",
      parent: "1:",
      protocol: "ip" as const,
      kind: "u32" as const,
      pref: 5,
      match: [{ ip: { dst: "127.0.0.0/8" } }],
      classid: "1:1",
    }));
    await ns.filter.list(fickle({ dev: "z0", parent: "1:" }));
    await ns.filter.del(fickle({ dev: "z0", parent: "1:", pref: 5 }));
    await ns.class.del(fickle({ dev: "z0", classid: "1:1" }));
    await ns.qdisc.del(fickle({ dev: "z0", handle: "1:" }));
  } finally {
    await ns.close();
  }
});
