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
