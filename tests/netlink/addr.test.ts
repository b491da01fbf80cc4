import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import type { Address, AddressAdd } from "../../src/netlink/addr/address.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { frame, type SentMessage } from "../helpers/fake_socket.ts";
import { run, type Told, told } from "../helpers/iproute2_json.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** A test in a new namespace with the link `i0`. */
function inNamespace(name: string, body: (ns: NetNS) => Promise<void>): void {
  leakChecked(name, { skip }, async () => {
    const ns = NetNS.create();
    try {
      await ns.link.add({ kind: "ifb", name: "i0" });
      await ns.link.set("i0", { addrGenMode: "none", up: true });
      await body(ns);
    } finally {
      await ns.close();
    }
  });
}

/** Without times, and whether other hosts were asked already. */
function lasting({ created: _created, updated: _updated, flags, ...rest }: Address) {
  return { ...rest, flags: flags.filter((flag) => flag !== "TENTATIVE") };
}

/** Both sides in the same terms; lifetimes run, and links make addresses of their own. */
function comparable(address: Address): Told {
  const { family, address: text, peer, broadcast, label, scope, metric, flags } = address;
  const [local, length] = text.split("/");
  const [other, otherLength] = peer?.split("/") ?? [];
  return {
    family,
    local,
    prefixlen: Number(otherLength ?? length),
    address: other,
    broadcast,
    label,
    scope,
    metric,
    nodad: flags.includes("NODAD") ? true : undefined,
    noprefixroute: flags.includes("NOPREFIXROUTE") ? true : undefined,
    forever: address.validLft === Infinity,
  };
}

function ofIproute2(info: Told): Told {
  const { family, local, prefixlen, address, broadcast, label, scope, metric } = info;
  const { nodad, noprefixroute, valid_life_time: valid } = info;
  const forever = valid === 0xffffffff;
  const names = { family, local, prefixlen, address, broadcast, label, scope, metric };
  return { ...names, nodad, noprefixroute, forever };
}

async function assertSame(ns: NetNS): Promise<void> {
  const ours = (await ns.addr.list({ dev: "i0" })).map(comparable);
  const [theirs] = await told(ns, "ip addr show dev i0");
  assert.deepEqual(ours, (theirs!.addr_info as Told[]).map(ofIproute2));
}

const addresses: AddressAdd[] = [
  { dev: "i0", address: "10.0.0.1/24" },
  { dev: "i0", address: "10.0.1.1/24", broadcast: true, label: "i0:1", metric: 77 },
  { dev: "i0", address: "10.0.2.1/24", broadcast: "10.0.2.9", scope: "link", validLft: 1000 },
  { dev: "i0", address: "10.0.3.1", peer: "10.0.4.1/32", noprefixroute: true },
  { dev: "i0", address: "fd00::1/64", nodad: true, preferredLft: 500 },
  { dev: "i0", address: "fd01::1", peer: "fd02::/64", nodad: true, metric: 9 },
];

inNamespace("ip reads the addresses that were added here", async (ns) => {
  await Promise.all(addresses.map((address) => ns.addr.add(address)));
  await assertSame(ns);
  assert.equal(
    (await ns.addr.list({ dev: "i0" })).filter(({ scope }) => scope !== "link").length,
    5,
  );
});

inNamespace("addresses that ip added are read here", async (ns) => {
  await run(ns, "ip addr add 10.0.0.1/24 dev i0");
  await run(ns, "ip addr add 10.0.1.1/24 broadcast + label i0:x metric 5 dev i0");
  await run(ns, "ip addr add 10.0.3.1 peer 10.0.4.1/32 noprefixroute dev i0");
  await run(ns, "ip addr add fd00::1/64 nodad valid_lft 1000 preferred_lft 100 dev i0");
  await assertSame(ns);
});

inNamespace("an address that was read can be removed and added again as it is", async (ns) => {
  await Promise.all(addresses.map((address) => ns.addr.add(address)));
  const before = await ns.addr.list({ dev: "i0" });
  for (const address of before) await ns.addr.del(address);
  assert.deepEqual(await ns.addr.list({ dev: "i0" }), []);
  for (const address of before) await ns.addr.add(address);
  const sorted = (list: Address[]) =>
    list.map(lasting).sort((a, b) => a.address < b.address ? -1 : 1);
  const after = await ns.addr.list({ dev: "i0" });
  for (const list of [before, after]) {
    for (const address of list) {
      if (address.validLft !== Infinity) address.validLft = 1000;
      if (address.preferredLft !== Infinity) address.preferredLft = 500;
    }
  }
  assert.deepEqual(sorted(after), sorted(before));
});

inNamespace("flags above 255 come from IFA_FLAGS", async (ns) => {
  await ns.addr.add({ dev: "i0", address: "fd00::1/64", nodad: true, noprefixroute: true });
  const list = await ns.addr.list({ dev: "i0", family: "inet6" });
  const address = list.find(({ address }) => address === "fd00::1/64")!;
  assert.deepEqual(address.flags, ["NODAD", "PERMANENT", "NOPREFIXROUTE"]);
  assert.equal(address.nodad, true);
});

inNamespace("replace changes the lifetimes of an address", async (ns) => {
  await ns.addr.add({ dev: "i0", address: "10.0.0.1/24" });
  await ns.addr.replace({ dev: "i0", address: "10.0.0.1/24", validLft: 1000, preferredLft: 500 });
  const [address] = await ns.addr.list({ dev: "i0", family: "inet" });
  assert.ok(address!.validLft > 900 && address!.validLft <= 1000);
  assert.ok(address!.preferredLft > 400 && address!.preferredLft <= 500);
});

inNamespace("refusals of the kernel tell its reason", async (ns) => {
  await ns.addr.add({ dev: "i0", address: "10.0.0.1/24" });
  await assert.rejects(ns.addr.add({ dev: "i0", address: "10.0.0.1/24" }), {
    code: "EEXIST",
    op: "addr add 10.0.0.1/24 dev i0",
  });
  await assert.rejects(ns.addr.del({ dev: "i0", address: "10.0.9.1/24" }), {
    code: "EADDRNOTAVAIL",
    // Linux 6.6 and later have a text for it.
    message:
      /^addr del 10\.0\.9\.1\/24 dev i0 failed with EADDRNOTAVAIL(: ipv4: Address not found)?$/,
    hint: "the link has no such address",
  });
  await assert.rejects(ns.addr.add({ dev: "nope", address: "10.0.0.1/24" }), {
    code: "ENODEV",
    message: /options\.dev is "nope"/,
  });
  await assert.rejects(ns.addr.list({ dev: "nope" }), { code: "ENODEV" });
});

inNamespace("an iterator tells what a list tells", async (ns) => {
  await ns.addr.add({ dev: "i0", address: "10.0.0.1/24" });
  const iterated: Address[] = [];
  for await (const address of ns.addr.dump()) iterated.push(address);
  assert.deepEqual(iterated.map(lasting), (await ns.addr.list()).map(lasting));
});

inNamespace("an address that went through JSON can be written back", async (ns) => {
  await ns.addr.add({ dev: "i0", address: "10.0.0.1/24" });
  const [saved] = JSON.parse(JSON.stringify(await ns.addr.list({ dev: "i0" }))) as Address[];
  assert.equal(saved!.validLft, null);
  await ns.addr.del(saved!);
  await ns.addr.add(saved!);
  const [restored] = await ns.addr.list({ dev: "i0" });
  assert.equal(restored!.validLft, Infinity);
  assert.equal(restored!.preferredLft, Infinity);
});

test("addresses of other links are left out where the kernel does not filter", async () => {
  const told = (request: SentMessage, index: number, flags: number) =>
    frame(20, request.sequence, {
      flags,
      body: (writer) => {
        writer.u8(2).u8(24).u8(0).u8(0).u32(index);
        const start = writer.begin(2);
        writer.u8(10).u8(0).u8(0).u8(index).end(start);
      },
    });
  const NLM_F_MULTI = 0x2;
  const { netlink } = fakeNetlink({ a: 4, b: 5 }, (request) => [
    told(request, 4, NLM_F_MULTI),
    told(request, 5, NLM_F_MULTI),
  ]);
  const list = await netlink.addr.list({ dev: "b" });
  assert.deepEqual(list.map(({ dev, address }) => [dev, address]), [["b", "10.0.0.5/24"]]);
});

test("bad options are refused before anything is sent, by name and value", async () => {
  const { netlink: { addr }, sent } = fakeNetlink({ i0: 2 });
  const good = { dev: "i0", address: "10.0.0.1/24" };
  const bad: [options: object, error: RegExp][] = [
    [{ ...good, address: "10.0.0.1/33" }, /^TypeError: options\.address must .*"10\.0\.0\.1\/33"$/],
    [{ ...good, address: undefined }, /^TypeError: options\.address must be an IP address/],
    [{ ...good, dev: undefined }, /^TypeError: options\.dev must be the name or the index/],
    [{ ...good, peer: "fd00::1" }, /^RangeError: options\.peer must .*same family.*"fd00::1"$/],
    [{ ...good, family: "inet6" }, /^RangeError: options\.family must be "inet".*"inet6"$/],
    [{ ...good, validLft: -1 }, /^RangeError: options\.validLft must be .*-1$/],
    [{ ...good, preferredLft: "1" }, /^TypeError: options\.preferredLft must be .*"1"$/],
    [{ ...good, scope: "far" }, /^TypeError: options\.scope must be one of .*"far"$/],
    [{ ...good, label: "x".repeat(16) }, /^RangeError: options\.label must be at most 15 bytes/],
    [{ ...good, nodad: 1 }, /^TypeError: options\.nodad must be a boolean: current value is 1$/],
    [{ ...good, broadcast: "x" }, /^TypeError: options\.broadcast must be .*"x"$/],
    [{ ...good, prefix: "10.0.0.1" }, /^TypeError: options\.prefix is not an option/],
    [{ ...good, local: "10.0.0.1" }, /^TypeError: options\.local is not an option/],
    [{ ...good, cacheInfo: {} }, /^TypeError: options\.cacheInfo is not an option/],
  ];
  for (const [options, error] of bad) {
    await assert.rejects(addr.add(options as AddressAdd), error);
  }
  await assert.rejects(addr.list({ family: "ipx" as "inet" }), /^TypeError: filter\.family must/);
  await assert.rejects(
    addr.list({ link: 1 } as object),
    /^TypeError: filter\.link is not an option/,
  );
  assert.deepEqual(sent(), []);
});

test("what an unknown option may be are options that callers know", async () => {
  const { netlink: { addr } } = fakeNetlink();
  const options = { dev: 1, address: "10.0.0.1/24", foo: 1 } as AddressAdd;
  const error: Error = await addr.add(options).then(() => assert.fail(), (error) => error);
  for (const internal of ["local", "prefix", "cacheInfo"]) {
    assert.doesNotMatch(error.message, new RegExp(`\\b${internal}\\b`));
  }
});
