import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import type { FdbAdd, FdbEntry } from "../../src/netlink/fdb/fdb_entry.ts";
import type { Neighbour, NeighbourAdd } from "../../src/netlink/neigh/neighbour.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { run, told } from "../helpers/iproute2_json.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** A test in a new namespace with a pair of links, one of them the port of a bridge. */
function inNamespace(name: string, body: (ns: NetNS) => Promise<void>): void {
  leakChecked(name, { skip }, async () => {
    const ns = NetNS.create();
    try {
      await ns.link.add({ kind: "bridge", name: "br0" });
      await ns.link.add({ kind: "veth", name: "v0", peer: { name: "v1" } });
      await ns.link.set("v0", { master: "br0", up: true });
      for (const link of ["v1", "br0"]) await ns.link.set(link, { addrGenMode: "none", up: true });
      await ns.addr.add({ dev: "v1", address: "10.0.0.1/24" });
      await body(ns);
    } finally {
      await ns.close();
    }
  });
}

/** Those that a test made: links have neighbours for multicast of their own. */
const isMade = ({ dst }: { dst?: unknown }) => /^(10|fd00)/.test(String(dst));
const made = (list: Neighbour[]) => list.filter(isMade);

/** Those that a test made: bridges learn others, and links have them for multicast. */
const isMadeEntry = ({ mac }: { mac?: unknown }) => /^0[02]:00/.test(String(mac));

const neighbours: NeighbourAdd[] = [
  { dst: "10.0.0.9", dev: "v1", lladdr: "02:00:00:00:00:09" },
  { dst: "10.0.0.10", dev: "v1", lladdr: "02:00:00:00:00:0a", nud: "stale", proto: "static" },
  { dst: "fd00::9", dev: "v1", lladdr: "02:00:00:00:00:0b", router: true, externLearn: true },
  { dst: "10.0.0.11", dev: "v1", lladdr: "02:00:00:00:00:0c", nud: "noarp" },
];

async function assertSame(ns: NetNS): Promise<void> {
  const ours = made(await ns.neigh.list({ dev: "v1" }));
  const theirs = (await told(ns, "ip -d neigh show dev v1 nud all")).filter(isMade);
  const flag = (set: unknown) => set === undefined ? undefined : null;
  assert.deepEqual(
    ours.map(({ dst, lladdr, nud, router, externLearn, proto }) => ({
      ...{ dst, lladdr, state: [String(nud).toUpperCase()] },
      ...{ router: flag(router), extern_learn: flag(externLearn), protocol: proto },
    })),
    theirs.map(({ dst, lladdr, state, router, extern_learn, protocol }) => {
      return { dst, lladdr, state, router, extern_learn, protocol };
    }),
  );
}

inNamespace("ip reads the neighbours that were added here", async (ns) => {
  await Promise.all(neighbours.map((neighbour) => ns.neigh.add(neighbour)));
  await ns.neigh.add({ dst: "10.0.0.77", dev: "v1", proxy: true });
  assert.equal(made(await ns.neigh.list()).length, neighbours.length);
  await assertSame(ns);
  const proxies = await told(ns, "ip neigh show proxy");
  assert.deepEqual(proxies.map(({ dst, dev }) => [dst, dev]), [["10.0.0.77", "v1"]]);
});

inNamespace("neighbours that ip added are read here", async (ns) => {
  await run(ns, "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v1");
  await run(ns, "ip neigh add fd00::9 lladdr 02:00:00:00:00:0a dev v1 nud stale router");
  await run(ns, "ip neigh add proxy 10.0.0.77 dev v1");
  await assertSame(ns);
  assert.equal(made(await ns.neigh.list()).length, 2);
  const [proxy, ...others] = await ns.neigh.list({ proxy: true });
  assert.deepEqual([proxy?.dst, proxy?.dev, proxy?.proxy, others.length], [
    "10.0.0.77",
    "v1",
    true,
    0,
  ]);
});

inNamespace("a neighbour that was read can be removed and added again as it is", async (ns) => {
  await Promise.all(neighbours.map((neighbour) => ns.neigh.add(neighbour)));
  await ns.neigh.add({ dst: "10.0.0.77", dev: "v1", proxy: true });
  const all = async () => [
    ...made(await ns.neigh.list({ dev: "v1" })),
    ...await ns.neigh.list({ proxy: true }),
  ];
  const before = await all();
  assert.equal(before.length, neighbours.length + 1);
  for (const neighbour of before) await ns.neigh.del(neighbour);
  for (const neighbour of before) await ns.neigh.add(neighbour);
  const timeless = (list: Neighbour[]) =>
    list.map(({ cacheInfo: _cacheInfo, ...rest }) => JSON.stringify(rest)).sort();
  assert.deepEqual(timeless(await all()), timeless(before));
});

inNamespace("a neighbour is got, changed, replaced, removed", async (ns) => {
  const key = { dst: "10.0.0.9", dev: "v1" };
  const { neigh } = ns;
  await assert.rejects(neigh.change({ ...key, lladdr: "02:00:00:00:00:09" }), { code: "ENOENT" });
  await neigh.replace({ ...key, lladdr: "02:00:00:00:00:09" });
  await assert.rejects(neigh.add({ ...key, lladdr: "02:00:00:00:00:09" }), { code: "EEXIST" });
  await neigh.change({ ...key, lladdr: "02:00:00:00:00:0a", nud: "stale" });
  const { lladdr, nud } = await neigh.get(key);
  assert.deepEqual([lladdr, nud], ["02:00:00:00:00:0a", "stale"]);
  assert.equal((await neigh.list({ nud: "stale", family: "inet" })).length, 1);
  assert.equal((await neigh.list({ nud: "permanent", family: "inet" })).length, 0);
  await neigh.del(key);
  await assert.rejects(neigh.get({ ...key, dst: "10.0.0.10" }), { code: "ENOENT" });
});

const entries: FdbAdd[] = [
  { mac: "02:00:00:00:00:0a", dev: "v0", master: true, state: "static" },
  { mac: "02:00:00:00:00:0b", dev: "v0", master: true, state: "dynamic" },
  { mac: "02:00:00:00:00:0c", dev: "v0", master: true, sticky: true, state: "static" },
  { mac: "02:00:00:00:00:0d", dev: "br0" },
];

async function assertSameEntries(ns: NetNS): Promise<void> {
  const list = (await ns.fdb.list()).filter(isMadeEntry);
  const ours = list.map(({ mac, dev, dst, master, state, port, vni, via }) => {
    return { mac, dev, dst, master, state: state === "dynamic" ? "" : state, port, vni, via };
  });
  const theirs = (await told(ns, "bridge fdb show")).filter(isMadeEntry);
  assert.ok(theirs.length > 0);
  assert.deepEqual(
    ours,
    theirs.map(({ mac, ifname: dev, dst, master, state, port, vni, viaIf: via }) => {
      // Ours is not told that a bridge is its own.
      return { mac, dev, dst, master: master === dev ? undefined : master, state, port, vni, via };
    }),
  );
}

inNamespace("bridge reads the entries that were added here", async (ns) => {
  for (const entry of entries) await ns.fdb.replace(entry);
  await assertSameEntries(ns);
  const macs = (await ns.fdb.list({ br: "br0" })).map(({ mac }) => mac);
  for (const { mac } of entries) assert.ok(macs.includes(mac), mac);
});

inNamespace("entries that bridge added are read here", async (ns) => {
  await run(ns, "bridge fdb add 02:00:00:00:00:0a dev v0 master static");
  await run(ns, "bridge fdb add 02:00:00:00:00:0b dev v0 master permanent");
  await run(ns, "ip link add vx0 type vxlan id 42 dstport 4789 local 127.0.0.1");
  await run(ns, "bridge fdb add 02:00:00:00:00:0c dev vx0 dst 10.9.9.9 port 99 vni 7 via v1");
  await run(ns, "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.9.9.8");
  await assertSameEntries(ns);
  const ofTunnel = await ns.fdb.list({ dev: "vx0" });
  assert.deepEqual(ofTunnel.map(({ dst }) => dst).sort(), ["10.9.9.8", "10.9.9.9"]);
});

inNamespace("an entry that was read can be removed and added again as it is", async (ns) => {
  await run(ns, "ip link add vx0 type vxlan id 42 dstport 4789 local 127.0.0.1");
  for (const entry of entries) await ns.fdb.replace(entry);
  const broadcast = { mac: "00:00:00:00:00:00", dev: "vx0" };
  await ns.fdb.append({ ...broadcast, dst: "10.9.9.8" });
  await ns.fdb.append({ ...broadcast, dst: "10.9.9.9", port: 99, vni: 7, via: "v1" });
  const own = async () => (await ns.fdb.list()).filter(isMadeEntry);
  const before = await own();
  assert.ok(before.length >= 6);
  for (const entry of before) await ns.fdb.del(entry);
  for (const entry of before) await ns.fdb.append(entry);
  const timeless = (list: FdbEntry[]) =>
    list.map(({ cacheInfo: _cacheInfo, ...rest }) => JSON.stringify(rest)).sort();
  assert.deepEqual(timeless(await own()), timeless(before));
});

inNamespace("nsids that were set are listed", async (ns) => {
  const other = NetNS.create();
  const third = NetNS.create();
  assert.deepEqual(await ns.nsid.list(), []);
  assert.equal(await ns.nsid.get(other), undefined);
  assert.equal(await ns.nsid.set(other, 7), 7);
  assert.equal(await ns.nsid.get(other), 7);
  const chosen = await ns.nsid.set(third, "auto");
  assert.deepEqual((await ns.nsid.list()).sort((a, b) => a - b), [chosen, 7].sort((a, b) => a - b));
  await assert.rejects(ns.nsid.set(other, 8), { code: "EEXIST", op: "nsid set 8" });
  await assert.rejects(ns.nsid.set(other, -1), /^RangeError: nsid must be .*-1$/);
  await other.close();
  await third.close();
});

test("bad options are refused before anything is sent, by name and value", async () => {
  const { netlink: { neigh, fdb }, sent } = fakeNetlink();
  const neighbour = { dst: "10.0.0.9", dev: "v1" };
  const bad: [options: object, error: RegExp][] = [
    [{ dev: "v1" }, /^TypeError: options\.dst must be an IPv4 or IPv6 address.*undefined$/],
    [{ dst: "10.0.0.9" }, /^TypeError: options\.dev must be the name or the index.*undefined$/],
    [{ ...neighbour, lladdr: "x" }, /^TypeError: options\.lladdr must be .*"x"$/],
    [{ ...neighbour, nud: "gone" }, /^TypeError: options\.nud must be one of .*"gone"$/],
    [{ ...neighbour, router: 1 }, /^TypeError: options\.router must be a boolean.* 1$/],
    [{ ...neighbour, family: "inet6" }, /^RangeError: options\.family must be "inet".*"inet6"$/],
    [{ ...neighbour, mac: "x" }, /^TypeError: options\.mac is not an option/],
  ];
  for (const [options, error] of bad) {
    await assert.rejects(neigh.add(options as NeighbourAdd), error);
  }
  const entry = { mac: "02:00:00:00:00:0a", dev: "v0" };
  const badEntries: [options: object, error: RegExp][] = [
    [{ dev: "v0" }, /^TypeError: options\.mac must be a link-layer address.*undefined$/],
    [{ ...entry, state: "forever" }, /^TypeError: options\.state must be one of .*"forever"$/],
    [{ ...entry, vlan: 70_000 }, /^RangeError: options\.vlan must be .*70000$/],
    [{ ...entry, master: {} }, /^TypeError: options\.master must be a boolean, or/],
    [{ ...entry, self: "no" }, /^TypeError: options\.self must be a boolean.*"no"$/],
    [{ ...entry, lladdr: "x" }, /^TypeError: options\.lladdr is not an option/],
  ];
  for (const [options, error] of badEntries) {
    await assert.rejects(fdb.add(options as FdbAdd), error);
  }
  await assert.rejects(neigh.list({ nud: "gone" as "stale" }), /^TypeError: filter\.nud must be/);
  await assert.rejects(fdb.list({ bridge: "br0" } as object), /^TypeError: filter\.bridge is not/);
  assert.deepEqual(sent(), []);
});
