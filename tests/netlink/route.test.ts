import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import type { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import type { Route, RouteAdd } from "../../src/netlink/route/route.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { frame, type SentMessage } from "../helpers/fake_socket.ts";
import { run, type Told, told } from "../helpers/iproute2_json.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** A test in a new namespace with two links that have addresses. */
function inNamespace(name: string, body: (ns: NetNS) => Promise<void>): void {
  leakChecked(name, { skip }, async () => {
    const ns = NetNS.create();
    try {
      for (const [index, link] of ["i0", "i1"].entries()) {
        await ns.link.add({ kind: "ifb", name: link });
        await ns.link.set(link, { addrGenMode: "none", up: true });
        await ns.addr.add({ dev: link, address: `10.${index}.0.1/24` });
        await ns.addr.add({ dev: link, address: `fd0${index}::1/64`, nodad: true });
      }
      await settled(ns);
      await body(ns);
    } finally {
      await ns.close();
    }
  });
}

/** Waits for the routes that the kernel makes for new addresses of IPv6, a while after them. */
async function settled(ns: NetNS): Promise<void> {
  for (let same = 0, last = ""; same < 3;) {
    const routes = await ns.route.list({ table: "all", family: "inet6" });
    const now = JSON.stringify(routes.map(({ cacheInfo: _cacheInfo, ...route }) => route));
    const addresses = await ns.addr.list({ family: "inet6" });
    const complete = addresses.every(({ address, flags }) =>
      !flags.includes("TENTATIVE") &&
      routes.some(({ dst }) => dst === address.replace(/\/\d+$/, "/128"))
    );
    same = complete && now === last ? same + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A prefix as iproute2 writes it. */
const short = (prefix: string | undefined) => prefix?.replace(/(?<=\.\d+)\/32$|\/128$/, "");

/** A route of ours in iproute2's terms. */
function comparable(route: Route): Told {
  const { via } = route;
  const isForeign = via?.includes(":") !== (route.family === "inet6");
  return defined({
    type: route.type,
    dst: short(route.dst),
    from: short(route.from),
    gateway: via !== undefined && !isForeign ? via : undefined,
    via: via !== undefined && isForeign
      ? { family: via.includes(":") ? "inet6" : "inet", host: via }
      : undefined,
    dev: route.dev,
    table: String(route.table),
    protocol: String(route.proto),
    scope: String(route.scope),
    prefsrc: route.src,
    metric: route.metric,
    tos: route.tos === undefined ? undefined : `0x${route.tos.toString(16).padStart(2, "0")}`,
    flags: route.flags,
    mtu: route.mtu,
    advmss: route.advmss,
    rtt: route.rtt,
    pref: route.pref,
    nexthops: route.nexthops?.map(({ via, dev, weight, flags }) => ({
      ...(via?.includes(":") === (route.family === "inet6")
        ? { gateway: via }
        : { via: { family: via!.includes(":") ? "inet6" : "inet", host: via } }),
      dev,
      weight,
      flags,
    })),
  });
}

function ofIproute2(route: Told): Told {
  const { type, dst, from, gateway, via, dev, table, protocol, scope, prefsrc } = route;
  const { metric, tos, flags, pref, nexthops, metrics } = route;
  const [{ mtu, advmss, rtt }] = (metrics ?? [{}]) as [Told];
  const names = { type, dst, from, gateway, via, dev, table, protocol, scope, prefsrc };
  return defined({ ...names, metric, tos, flags, pref, nexthops, mtu, advmss, rtt });
}

function defined(object: Told): Told {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

async function assertSame(ns: NetNS): Promise<void> {
  for (const family of ["inet", "inet6"] as const) {
    const ours = (await ns.route.list({ table: "all", family })).map(comparable);
    const flag = family === "inet" ? "-4" : "-6";
    const theirs = (await told(ns, `ip -d ${flag} route show table all`)).map(ofIproute2);
    assert.deepEqual(ours, theirs);
  }
}

const routes: RouteAdd[] = [
  { dst: "default", via: "10.0.0.254" },
  { dst: "default", via: "10.0.0.253", metric: 10, mtu: 1400, advmss: 1200, rtt: 8 },
  { dst: "10.9.0.0/16", dev: "i0", src: "10.0.0.1", proto: "static", tos: 16 },
  { dst: "10.9.1.1", dev: "i0", scope: "host", table: 1000 },
  { dst: "10.10.0.0/16", via: "10.99.0.1", dev: "i1", onlink: true },
  { dst: "10.11.0.0/16", via: "fd00::9", dev: "i0" },
  { dst: "10.12.0.0/16", type: "blackhole" },
  { dst: "10.13.0.0/16", type: "unreachable", table: "default" },
  { dst: "10.14.0.0/16", type: "prohibit", table: 255 },
  { dst: "10.15.0.0/16", type: "throw", proto: 77 },
  { dst: "10.16.0.0/16", type: "local", dev: "lo" },
  {
    dst: "10.17.0.0/16",
    nexthops: [{ via: "10.0.0.9", weight: 3 }, { via: "fd01::9", dev: "i1" }],
  },
  { dst: "fd10::/32", via: "fd00::9", metric: 5, pref: "high", mtu: 1300 },
  { dst: "fd11::/32", nexthops: [{ via: "fd00::9" }, { via: "fd01::9", weight: 256 }] },
  { dst: "fd12::/32", type: "blackhole", table: 100_000 },
  { dst: "default", via: "fe80::1", dev: "i1" },
];

inNamespace("ip reads the routes that were added here", async (ns) => {
  await Promise.all(routes.map((route) => ns.route.add(route)));
  await assertSame(ns);
});

inNamespace("routes that ip added are read here", async (ns) => {
  const commands = [
    "default via 10.0.0.254 proto dhcp src 10.0.0.1 metric 100",
    "10.9.0.0/16 dev i0 mtu lock 1300 rtt 10ms",
    "10.10.0.0/16 via inet6 fd00::9 dev i0 table 70000",
    "10.11.0.0/16 nexthop via 10.0.0.9 weight 4 nexthop via 10.1.0.9 onlink dev i1",
    "unreachable 10.12.0.0/16 metric 9",
    "fd10::/32 via fd00::9 expires 1000 pref low",
    "fd11::/32 nexthop via fd00::9 weight 2 nexthop via fd01::9",
  ];
  for (const command of commands) await run(ns, `ip route add ${command}`);
  await assertSame(ns);
  const [locked] = await ns.route.list({ dst: "10.9.0.0/16" });
  assert.deepEqual([locked?.mtu, locked?.rtt, locked?.lock], [1300, 10, ["mtu"]]);
  const [expiring] = await ns.route.list({ dst: "fd10::/32" });
  assert.ok(expiring!.expires! > 900 && expiring!.expires! <= 1000);
});

inNamespace("a route that was read can be removed and added again as it is", async (ns) => {
  await Promise.all(routes.map((route) => ns.route.add(route)));
  const before = await ns.route.list({ table: "all" });
  // Those of the kernel come and go with the addresses.
  const own = before.filter(({ proto }) => proto !== "kernel");
  assert.ok(own.length >= routes.length);
  for (const route of own) await ns.route.del(route);
  const left = await ns.route.list({ table: "all" });
  assert.equal(left.length, before.length - own.length);
  for (const route of own) await ns.route.add(route);
  const timeless = (list: Route[]) =>
    list.map(({ cacheInfo: _cacheInfo, ...rest }) => JSON.stringify(rest)).sort();
  assert.deepEqual(timeless(await ns.route.list({ table: "all" })), timeless(before));
});

inNamespace("metrics are read as they were written", async (ns) => {
  const metrics = {
    mtu: 1400,
    window: 20_000,
    rtt: 12.125,
    rttvar: 2.25,
    ssthresh: 30,
    cwnd: 20,
    advmss: 1300,
    reordering: 5,
    hoplimit: 40,
    initcwnd: 12,
    features: ["ecn"],
    rtoMin: 300,
    initrwnd: 14,
    quickack: true,
    fastopenNoCookie: true,
    lock: ["mtu", "cwnd"],
  } as const;
  await ns.route.add({ dst: "10.9.0.0/16", dev: "i0", ...metrics });
  const [route] = await ns.route.list({ dst: "10.9.0.0/16" });
  for (const [name, value] of Object.entries(metrics)) {
    assert.deepEqual(route![name as keyof Route], value, name);
  }
});

inNamespace("verbs differ in what they do where there is a route already", async (ns) => {
  const { route } = ns;
  const direct = { dst: "10.9.0.0/16", dev: "i0" };
  await assert.rejects(route.change(direct), { code: "ENOENT" });
  await route.add(direct);
  await assert.rejects(route.add(direct), { code: "EEXIST", op: "route add 10.9.0.0/16" });
  await route.append({ ...direct, dev: "i1" });
  const devs = async () => (await route.list({ dst: direct.dst })).map(({ dev }) => dev);
  assert.deepEqual(await devs(), ["i0", "i1"]);
  await route.change({ ...direct, mtu: 1300 });
  assert.equal((await route.list({ dst: direct.dst }))[0]!.mtu, 1300);
  await route.del({ ...direct, dev: "i1" });
  assert.deepEqual(await devs(), ["i0"]);
  await route.replace({ dst: direct.dst, via: "10.1.0.9" });
  assert.deepEqual(await devs(), ["i1"]);
  await route.del({ dst: direct.dst });
  await assert.rejects(route.del({ dst: direct.dst }), { code: "ESRCH" });
});

inNamespace("lists are filtered by all that a filter names", async (ns) => {
  await Promise.all(routes.map((route) => ns.route.add(route)));
  const all = await ns.route.list({ table: "all" });
  const count = async (filter: object, test: (route: Route) => boolean) => {
    const expected = all.filter(test).length;
    assert.ok(expected > 0 && expected < all.length);
    assert.equal((await ns.route.list(filter)).length, expected, JSON.stringify(filter));
  };
  await count({}, ({ table }) => table === "main");
  await count({ table: 1000 }, ({ table }) => table === 1000);
  await count({ table: 100_000 }, ({ table }) => table === 100_000);
  await count(
    { table: "local", family: "inet" },
    (r) => r.table === "local" && r.family === "inet",
  );
  await count({ table: "all", family: "inet6" }, ({ family }) => family === "inet6");
  await count({ table: "all", type: "blackhole" }, ({ type }) => type === "blackhole");
  await count({ table: "all", proto: 77 }, ({ proto }) => proto === 77);
  await count({ table: "all", scope: "host" }, ({ scope }) => scope === "host");
  await count({ table: "all", dst: "10.9.1.1" }, ({ dst }) => dst === "10.9.1.1/32");
  await count({ dst: "default" }, ({ dst }) => dst === "default");
  const leads = ({ dev, nexthops }: Route) =>
    dev === "i1" || nexthops?.some(({ dev }) => dev === "i1") === true;
  await count({ table: "all", dev: "i1" }, leads);
  assert.deepEqual(await ns.route.list({ table: 4242, family: "inet" }), []);
  const iterated: Route[] = [];
  for await (const route of ns.route.dump({ table: 1000 })) iterated.push(route);
  assert.deepEqual(iterated, await ns.route.list({ table: 1000 }));
});

inNamespace("get tells the route that packets take", async (ns) => {
  await ns.route.add({ dst: "10.9.0.0/16", via: "10.1.0.9", mtu: 1300 });
  await ns.route.add({ dst: "10.9.0.0/16", dev: "i0", table: 1000 });
  await ns.rule.add({ fwmark: 7, table: 1000 });
  const { via, dev, src, table, mtu } = await ns.route.get("10.9.1.2");
  assert.deepEqual({ via, dev, src, table, mtu }, {
    via: "10.1.0.9",
    dev: "i1",
    src: "10.1.0.1",
    table: "main",
    mtu: 1300,
  });
  assert.equal((await ns.route.get("10.9.1.2", { mark: 7 })).table, 1000);
  assert.equal((await ns.route.get("10.0.0.7", { from: "10.1.0.1", oif: "i1" })).dev, "i1");
  assert.equal((await ns.route.get("10.9.1.2", { fibmatch: true })).dst, "10.9.0.0/16");
  assert.equal((await ns.route.get("fd01::7", { ipproto: "tcp", dport: 80 })).dev, "i1");
  await assert.rejects(ns.route.get("192.0.2.1"), {
    code: "ENETUNREACH",
    op: "route get 192.0.2.1",
  });
});

inNamespace("the attribute that the kernel refuses is named", async (ns) => {
  const error = await ns.route.add({ dst: "fd10::/32", dev: "i0", via: "10.0.0.9" }).then(
    () => assert.fail(),
    (error) => error,
  );
  assert.equal(error.code, "EINVAL");
  assert.match(error.extack.message, /RTA_VIA/);
  await assert.rejects(ns.route.add({ dst: "10.9.0.0/16", via: "10.77.0.1" }), {
    code: "ENETUNREACH",
    extack: { message: "Nexthop has invalid gateway" },
  });
});

const NLM_F_MULTI = 0x2;

/** A route as the kernel tells it. */
function toldRoute(
  request: SentMessage,
  { table = 254, proto = 3, type = 1, index = 4, flags = 0 },
): Uint8Array {
  const attribute = (writer: MessageWriter, number: number, value: number) => {
    const start = writer.begin(number);
    writer.u32(value).end(start);
  };
  return frame(24, request.sequence, {
    flags: NLM_F_MULTI,
    body: (writer) => {
      writer.u8(2).u8(0).u8(0).u8(0).u8(table > 255 ? 252 : table).u8(proto).u8(0).u8(type);
      writer.u32(flags);
      attribute(writer, 15, table);
      attribute(writer, 4, index);
    },
  });
}

test("routes are filtered here where the kernel does not", async () => {
  const RTM_F_CLONED = 0x200;
  const { netlink } = fakeNetlink({ a: 4, b: 5 }, (request) => [
    toldRoute(request, {}),
    toldRoute(request, { table: 1000 }),
    toldRoute(request, { proto: 4 }),
    toldRoute(request, { type: 6 }),
    toldRoute(request, { index: 5 }),
    toldRoute(request, { flags: RTM_F_CLONED }),
  ]);
  const { route } = netlink;
  assert.equal((await route.list({ table: "all" })).length, 5);
  assert.equal((await route.list()).length, 4);
  assert.deepEqual((await route.list({ table: 1000 })).map(({ table }) => table), [1000]);
  assert.deepEqual((await route.list({ proto: "static" })).map(({ proto }) => proto), ["static"]);
  assert.deepEqual((await route.list({ type: 6 })).map(({ type }) => type), ["blackhole"]);
  assert.deepEqual((await route.list({ dev: "b" })).map(({ dev }) => dev), ["b"]);
  assert.equal((await route.list({ dev: 5 })).length, 1);
});

test("bad options are refused before anything is sent, by name and value", async () => {
  const { netlink: { route }, sent } = fakeNetlink({ i0: 2 });
  const good = { dst: "10.9.0.0/16", dev: "i0" };
  const bad: [options: object, error: RegExp][] = [
    [{ dev: "i0" }, /^TypeError: options\.dst must be an IP address.*undefined$/],
    [{ ...good, dst: "10.9.0.1/16" }, /^RangeError: options\.dst .*"10\.9\.0\.0\/16".*\.1\/16"$/],
    [{ ...good, dst: "fd00::1/64" }, /^RangeError: options\.dst .*like "fd00::\/64"/],
    [{ ...good, via: "here" }, /^TypeError: options\.via must be .*"here"$/],
    [
      { ...good, src: "fd00::1" },
      /^RangeError: options\.src must be of the family inet.*"fd00::1"$/,
    ],
    [{ ...good, from: "10.0.0.0/8" }, /^RangeError: options\.from must be left out/],
    [{ ...good, family: "inet6" }, /^RangeError: options\.dst must be of the family inet6/],
    [{ ...good, type: "hole" }, /^TypeError: options\.type must be one of .*"hole"$/],
    [{ ...good, table: -1 }, /^RangeError: options\.table must be .*-1$/],
    [{ ...good, table: "all" }, /^TypeError: options\.table must be one of .*"all"$/],
    [{ ...good, proto: 256 }, /^RangeError: options\.proto must be .*256$/],
    [{ ...good, rtt: 0.1 }, /^RangeError: options\.rtt must be .*0\.1$/],
    [{ ...good, lock: "mtu" }, /^TypeError: options\.lock must be an array.*"mtu"$/],
    [{ ...good, lock: ["speed"] }, /^TypeError: options\.lock\[0\] must be one of .*"speed"$/],
    [{ ...good, onlink: "yes" }, /^TypeError: options\.onlink must be a boolean.*"yes"$/],
    [{ ...good, nexthops: {} }, /^TypeError: options\.nexthops must be an array/],
    [
      { ...good, nexthops: [{ weight: 0 }] },
      /^RangeError: options\.nexthops\[0\]\.weight must .* 0$/,
    ],
    [
      { ...good, nexthops: [{ hops: 1 }] },
      /^TypeError: options\.nexthops\[0\]\.hops is not an opt/,
    ],
    [{ ...good, gateway: "10.0.0.1" }, /^TypeError: options\.gateway is not an option/],
  ];
  for (const [options, error] of bad) await assert.rejects(route.add(options as RouteAdd), error);
  await assert.rejects(route.get("10.0.0.0/8"), /^TypeError: dst must be .*"10\.0\.0\.0\/8"$/);
  await assert.rejects(
    route.get("10.0.0.1", { from: "fd00::1" }),
    /^TypeError: options\.from must/,
  );
  await assert.rejects(route.list({ table: "none" as "all" }), /^TypeError: filter\.table must be/);
  await assert.rejects(route.list({ dst: "x" }), /^TypeError: filter\.dst must be .*"x"$/);
  assert.deepEqual(sent(), []);
});

inNamespace("the default routes of one family are listed by its prefix", async (ns) => {
  await ns.link.set("lo", { up: true });
  await ns.route.add({ dst: "0.0.0.0/0", dev: "lo" });
  await ns.route.add({ dst: "::/0", dev: "lo", metric: 7 });
  const families = async (dst: string) =>
    (await ns.route.list({ dst })).map(({ family }) => family);
  assert.deepEqual(await families("0.0.0.0/0"), ["inet"]);
  assert.deepEqual(await families("::/0"), ["inet6"]);
  assert.deepEqual(await families("default"), ["inet", "inet6"]);
});
