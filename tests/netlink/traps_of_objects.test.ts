/**
 * What goes wrong with the objects of rtnetlink(7) by its nature, as it happens on the kernel. See
 * traps.test.ts for a list.
 *
 * @module
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { NetNS } from "../../mod.ts";
import { isNetNSError } from "../../src/errors.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged(), timeout: 120_000 };

/** A test with two namespaces. */
function between(name: string, run: (ns: NetNS, other: NetNS) => Promise<void>): void {
  leakChecked(name, options, async () => {
    const [ns, other] = [NetNS.create(), NetNS.create()];
    try {
      await run(ns, other);
    } finally {
      await ns.close();
      await other.close();
    }
  });
}

between("links have names of any length", async (ns) => {
  const names = [..."abcdefghijklmno"].map((_, index, all) => all.slice(0, index + 1).join(""));
  for (const name of names) {
    assert.equal((await ns.link.add({ kind: "ifb", name, alias: name })).name, name);
  }
  const links = (await ns.link.list({ kind: "ifb" })).map(({ name, alias }) => [name, alias]);
  assert.deepEqual(links, names.map((name) => [name, name]));
});

between("a wrong attribute is found in a message behind others of one datagram", async (ns) => {
  const within = "IFLA_LINKINFO/IFLA_INFO_DATA";
  const tooLarge = { type: 1, data: Uint8Array.of(0, 0, 0, 1), within };
  const vxlan: string = "vxlan";
  const [one, bad, two] = await Promise.allSettled([
    ns.link.add({ kind: "ifb", name: "x0" }),
    ns.link.add({ kind: vxlan, name: "x1", attributes: [tooLarge] }),
    ns.link.add({ kind: "ifb", name: "x2" }),
  ]);
  assert.deepEqual([one, two].map((result) => result!.status), ["fulfilled", "fulfilled"]);
  assert.ok(bad!.status === "rejected" && isNetNSError(bad!.reason));
  const { code, op, extack } = bad!.reason;
  assert.deepEqual([code, op], ["ERANGE", "link add x1"]);
  assert.equal(extack?.attribute, `${within}/IFLA_VXLAN_ID`);
});

between("a kind that the kernel does not know is told as such", async (ns) => {
  const kind: string = "no-such-kind";
  await assert.rejects(ns.link.add({ kind, name: "x0", attributes: [] }), {
    code: "EOPNOTSUPP",
    message: "link add x0 failed with EOPNOTSUPP: Unknown device type",
    hint: /^the kernel does not know this kind of link: .*modprobe/,
  });
});

between("an errno of an acknowledgement that sockets have, too, is the request's", async (ns) => {
  const { index } = await ns.link.add({ kind: "ifb", name: "x0" });
  await ns.link.set("x0", { mtu: 1 });
  const address = { dev: "x0", address: "10.0.0.1/24" };
  const results = await Promise.allSettled([ns.addr.add(address), ns.link.get("x0")]);
  const [refused, got] = results;
  assert.ok(refused.status === "rejected" && isNetNSError(refused.reason));
  const { code, syscall, hint } = refused.reason;
  assert.deepEqual([code, syscall], ["ENOBUFS", "RTM_NEWADDR"]);
  assert.match(hint!, /mtu of the link is below 68/);
  assert.ok(got.status === "fulfilled" && got.value.index === index);
});

between(
  "a link goes to a namespace whose handle is being closed, or nowhere",
  async (ns, other) => {
    await ns.link.add({ kind: "ifb", name: "x0" });
    const there = NetNS.fromFd(other.fd);
    const paired = ns.link.add({ kind: "veth", name: "v0", peer: { name: "v1", netns: there } });
    const moved = ns.link.set("x0", { netns: there });
    const refused = assert.rejects(moved, { code: "ERR_NETNS_CLOSED" });
    await Promise.all([there.close(), paired, refused]);
    assert.equal((await other.link.get("v1")).kind, "veth");
    assert.equal((await ns.link.get("x0")).kind, "ifb");
  },
);

between("a process id means the namespace of that process", async (ns, other) => {
  const sleeping = other.spawn("sleep", ["600"]);
  try {
    await once(sleeping, "spawn");
    await ns.link.add({ kind: "ifb", name: "x0" });
    await ns.link.set("x0", { netns: sleeping.pid! });
    assert.equal((await other.link.get("x0")).kind, "ifb");
  } finally {
    sleeping.kill("SIGKILL");
    await once(sleeping, "close");
  }
});

between("a link that is told two namespaces is refused", async (ns, other) => {
  const IFLA_NET_NS_PID = 19;
  const pid = new Uint8Array(new Uint32Array([1]).buffer);
  const attributes = [{ type: IFLA_NET_NS_PID, data: pid }];
  await assert.rejects(ns.link.add({ kind: "ifb", name: "x0", netns: other, attributes }), {
    code: "EINVAL",
    message: /: multiple netns identifying attributes specified$/,
  });
});

between("a link that moves goes down, has no addresses, and the event says where", async (
  ns,
  other,
) => {
  await ns.link.add({ kind: "ifb", name: "x0", up: true });
  await ns.addr.add({ dev: "x0", address: "10.0.0.1/24" });
  await other.link.add({ kind: "ifb", name: "y0" });
  const taken = (await other.link.get("y0")).index;
  assert.equal((await ns.link.get("x0")).index, taken);
  const events = ns.monitor({ groups: ["link"] });
  await ns.link.set("x0", { netns: other });
  const { index, up } = await other.link.get("x0");
  assert.deepEqual([index === taken, up], [false, false]);
  assert.deepEqual(await other.addr.list({ dev: "x0" }), []);
  const nsid = await ns.nsid.get(other);
  for await (const event of events) {
    if (event.type !== "del") continue;
    assert.deepEqual([event.link.newNetnsid, event.link.newIfindex], [nsid, index]);
    break;
  }
  assert.notEqual(nsid, undefined);
});

between("a pair across namespaces gives the other one an id", async (ns, other) => {
  assert.equal(await ns.nsid.get(other), undefined);
  const peer = { name: "v1", netns: other };
  const { linkNetnsid } = await ns.link.add({ kind: "veth", name: "v0", peer });
  assert.equal(await ns.nsid.get(other), linkNetnsid);
  await assert.rejects(ns.nsid.set(other, 7), {
    code: "EEXIST",
    message: /: Peer netns already has a nsid assigned$/,
  });
  const third = NetNS.create();
  await ns.nsid.set(third, 7);
  await ns.link.set("v0", { netns: third });
  assert.equal(await ns.nsid.get(third), 7);
  await third.close();
});

between("a monitor is told of its own namespace only", async (ns, other) => {
  await ns.nsid.set(other, 1);
  const events = ns.monitor({ groups: ["link"] });
  await other.link.add({ kind: "ifb", name: "there" });
  await ns.link.add({ kind: "ifb", name: "here" });
  for await (const event of events) {
    assert.ok(event.type !== "overrun" && event.link.name === "here");
    break;
  }
});

leakChecked("links are asked for without the counters of IPv6", options, async () => {
  const RTEXT_FILTER_SKIP_STATS = [8, 0, 29, 0, 8, 0, 0, 0];
  const { netlink, sent } = fakeNetlink();
  await netlink.link.list();
  await netlink.link.get(1).catch(() => {});
  for (const { bytes } of sent()) assert.deepEqual([...bytes.slice(32)], RTEXT_FILTER_SKIP_STATS);
  assert.equal(sent().length, 2);
  const ns = NetNS.create({ loopback: true });
  const { attributes = [] } = await ns.link.get("lo");
  assert.deepEqual(attributes, []);
  await ns.close();
});
