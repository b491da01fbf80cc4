import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fs from "node:fs";
import test from "node:test";
import { readAddress } from "../../src/netlink/addr/address_message.ts";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { readFdbEntry } from "../../src/netlink/fdb/fdb_message.ts";
import { readNeighbour } from "../../src/netlink/neigh/neighbour_message.ts";
import type { Netlink } from "../../src/netlink/netlink.ts";
import { readRoute } from "../../src/netlink/route/route_message.ts";
import { readRule } from "../../src/netlink/rule/rule_message.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { normalised, received, receivedBy, sentBy } from "../helpers/golden.ts";

const links = { v0: 3, vx0: 5 };
const metrics = { 8: {} };

/** iproute2's command, the type of its message, how long its fixed header is; what is ours. */
type Vector = [cmd: string, type: number, header: number, ask: (netlink: Netlink) => unknown];

const vectors: Vector[] = [
  [
    "ip addr add 10.1.2.3/24 dev v0",
    20,
    8,
    ({ addr }) => addr.add({ dev: "v0", address: "10.1.2.3/24" }),
  ],
  [
    "ip -6 addr add fd00::1/64 dev v0 nodad valid_lft 1000 preferred_lft 500",
    20,
    8,
    ({ addr }) =>
      addr.add({ dev: 3, address: "fd00::1/64", nodad: true, validLft: 1000, preferredLft: 500 }),
  ],
  [
    "ip addr add 10.1.2.5/24 broadcast 10.1.2.255 label v0:x scope link dev v0",
    20,
    8,
    ({ addr }) =>
      addr.add({ dev: 3, address: "10.1.2.5/24", broadcast: true, label: "v0:x", scope: "link" }),
  ],
  [
    "ip route add 10.2.0.0/16 via 10.1.2.4 metric 7 mtu 1300 advmss 1200",
    24,
    12,
    ({ route }) =>
      route.add({ dst: "10.2.0.0/16", via: "10.1.2.4", metric: 7, mtu: 1300, advmss: 1200 }),
  ],
  [
    "ip route add 10.3.0.0/16 nexthop via 10.1.2.4 weight 2 nexthop via 10.1.2.5 weight 5",
    24,
    12,
    ({ route }) =>
      route.add({
        dst: "10.3.0.0/16",
        nexthops: [{ via: "10.1.2.4", weight: 2 }, { via: "10.1.2.5", weight: 5 }],
      }),
  ],
  [
    "ip route add 10.4.0.0/16 via 10.99.0.1 dev v0 onlink table 1000",
    24,
    12,
    ({ route }) =>
      route.add({ dst: "10.4.0.0/16", via: "10.99.0.1", dev: "v0", onlink: true, table: 1000 }),
  ],
  [
    "ip route replace default via 10.1.2.4 dev v0 src 10.1.2.3",
    24,
    12,
    ({ route }) => route.replace({ dst: "default", via: "10.1.2.4", dev: "v0", src: "10.1.2.3" }),
  ],
  [
    "ip route add blackhole 10.66.0.0/16",
    24,
    12,
    ({ route }) => route.add({ dst: "10.66.0.0/16", type: "blackhole" }),
  ],
  [
    "ip route add unreachable 10.67.0.0/16 metric 50",
    24,
    12,
    ({ route }) => route.add({ dst: "10.67.0.0/16", type: "unreachable", metric: 50 }),
  ],
  [
    "ip -6 route add fd01::/64 via fd00::2 dev v0 metric 20",
    24,
    12,
    ({ route }) => route.add({ dst: "fd01::/64", via: "fd00::2", dev: "v0", metric: 20 }),
  ],
  ["ip route get 10.2.3.4", 26, 12, ({ route }) => route.get("10.2.3.4")],
  [
    "ip rule add from 10.1.2.0/24 lookup 1000 pref 100",
    32,
    12,
    ({ rule }) => rule.add({ from: "10.1.2.0/24", table: 1000, priority: 100 }),
  ],
  [
    "ip neigh add 10.1.2.9 lladdr 02:00:00:00:00:09 dev v0",
    28,
    12,
    ({ neigh }) => neigh.add({ dst: "10.1.2.9", lladdr: "02:00:00:00:00:09", dev: "v0" }),
  ],
  [
    "ip neigh replace 10.1.2.9 lladdr 02:00:00:00:00:0b dev v0 nud permanent",
    28,
    12,
    ({ neigh }) =>
      neigh.replace({
        dst: "10.1.2.9",
        lladdr: "02:00:00:00:00:0b",
        dev: "v0",
        nud: "permanent",
      }),
  ],
  [
    "ip neigh add proxy 10.1.2.77 dev v0",
    28,
    12,
    ({ neigh }) => neigh.add({ dst: "10.1.2.77", dev: "v0", proxy: true }),
  ],
  [
    "bridge fdb add 02:00:00:00:00:0a dev vx0 dst 10.9.9.9",
    28,
    12,
    ({ fdb }) => fdb.add({ mac: "02:00:00:00:00:0a", dev: "vx0", dst: "10.9.9.9" }),
  ],
];

const NLM_F_ACK = 0x4;

for (const [cmd, type, header, ask] of vectors) {
  test(`what is sent is what "${cmd}" sends`, async () => {
    const { netlink, sent } = fakeNetlink(links);
    await ask(netlink);
    const [ours] = sent();
    const theirs = sentBy(cmd, type);
    assert.equal(ours!.type, type);
    // Every request is acknowledged here.
    assert.equal(ours!.flags, theirs.flags | NLM_F_ACK);
    // The kernel does not care about the order of attributes.
    assert.equal(
      normalised(ours!.bytes, header, metrics),
      normalised(theirs.bytes, header, metrics),
    );
  });
}

test('lifetimes are sent as "ip addr change" sends them', async () => {
  const { netlink, sent } = fakeNetlink(links);
  await netlink.addr.replace({
    dev: "v0",
    address: "10.1.2.5/24",
    preferredLft: 100,
    validLft: 200,
  });
  const theirs = sentBy("ip addr change 10.1.2.5/24 dev v0 preferred_lft 100 valid_lft 200", 20);
  assert.equal(normalised(sent()[0]!.bytes, 8, {}), normalised(theirs.bytes, 8, {}));
});

test("lists are asked for with a whole header", async () => {
  const { netlink, sent } = fakeNetlink();
  await netlink.addr.list();
  await netlink.route.list({ table: "all" });
  await netlink.rule.list({ family: "inet" });
  await netlink.neigh.list();
  await netlink.nsid.list();
  const lengths = sent().map(({ type, bytes }) => [type, bytes.byteLength]);
  assert.deepEqual(lengths, [[22, 24], [26, 28], [34, 28], [30, 28], [90, 20]]);
});

/** Reads the messages of a file that begins with a magic number. */
function saved<T>(
  file: string,
  type: number,
  read: (reader: MessageReader, start: number, end: number) => T,
): T[] {
  const path = new URL(`../fixtures/netlink/${file}`, import.meta.url);
  const bytes = Uint8Array.from(fs.readFileSync(path));
  const reader = new MessageReader(bytes, () => "lo");
  const objects: T[] = [];
  for (let start = 4; start < bytes.byteLength;) {
    const length = reader.u32(start);
    assert.equal(reader.u16(start + 4), type);
    objects.push(read(reader, start + 16, start + length));
    start += (length + 3) & ~3;
  }
  return objects;
}

function decodedTwin(file: string): string[] {
  const path = new URL(`../fixtures/netlink/${file}`, import.meta.url);
  return fs.readFileSync(path, "utf8").split("\n").filter((line) => line !== "");
}

test("saved routes are read as iproute2 reads them", () => {
  const lines = saved("route.save", 24, readRoute).map((route) => {
    const { type, dst, dev, table, proto, scope, src, metric, pref } = route!;
    const parts = [type, dst.replace(/\/(32|128)$/, "")];
    if (dev !== undefined) parts.push("dev", String(dev));
    if (table !== "main") parts.push("table", String(table));
    if (proto !== "boot") parts.push("proto", String(proto));
    if (scope !== "global") parts.push("scope", String(scope));
    if (src !== undefined) parts.push("src", src);
    if (metric !== undefined) parts.push("metric", String(metric));
    if (pref !== undefined) parts.push("pref", String(pref));
    return `${parts.join(" ")} `.trimEnd();
  });
  assert.deepEqual(lines, decodedTwin("route.txt").map((line) => line.trimEnd()));
});

test("saved addresses are read as iproute2 reads them", () => {
  const lines = saved("addr.save", 20, readAddress).flatMap((address) => {
    const { family, address: text, scope, label, validLft, preferredLft } = address!;
    const lifetime = (seconds: number) => seconds === Infinity ? "forever" : `${seconds}sec`;
    return [
      `    ${family} ${text} scope ${scope} ${label ?? ""}`,
      `       valid_lft ${lifetime(validLft)} preferred_lft ${lifetime(preferredLft)}`,
    ];
  });
  const twin = decodedTwin("addr.txt").filter((line) => line.startsWith(" "));
  assert.deepEqual(lines, twin);
});

/** Reads what was received, and counts what is left as bytes. */
function readAll<T extends { attributes?: unknown }>(
  type: number,
  read: (reader: MessageReader, start: number, end: number) => T | undefined,
): T[] {
  return received(type).flatMap(({ bytes }) => {
    const object = read(new MessageReader(bytes), 16, bytes.byteLength);
    return object === undefined ? [] : [object];
  });
}

test("everything that the kernel told is read, and no attribute is left as bytes", () => {
  const objects = {
    addresses: readAll(20, readAddress),
    routes: readAll(24, readRoute),
    rules: readAll(32, readRule),
    neighbours: readAll(28, readNeighbour),
  };
  for (const [name, list] of Object.entries(objects)) {
    assert.ok(list.length > 0, name);
    for (const object of list) {
      assert.equal((object as { attributes?: unknown }).attributes, undefined, name);
    }
  }
});

test("routes of all tables are read as the kernel told them", () => {
  const messages = receivedBy("ip route show table all", 24);
  const routes = messages.map(({ bytes }) =>
    readRoute(new MessageReader(bytes), 16, bytes.length)!
  );
  const onlink = routes.find(({ dst }) => dst === "10.4.0.0/16");
  assert.deepEqual(
    { via: onlink?.via, table: onlink?.table, onlink: onlink?.onlink, dev: onlink?.dev },
    { via: "10.99.0.1", table: 1000, onlink: true, dev: 3 },
  );
  const shared = routes.find(({ dst }) => dst === "10.3.0.0/16");
  assert.deepEqual(shared?.nexthops, [
    { via: "10.1.2.4", dev: 3, weight: 2, flags: [] },
    { via: "10.1.2.5", dev: 3, weight: 5, flags: [] },
  ]);
  const measured = routes.find(({ dst }) => dst === "10.2.0.0/16");
  assert.deepEqual([measured?.mtu, measured?.advmss, measured?.metric], [1300, 1200, 7]);
});

test("messages that are too short or of other families are left out", () => {
  for (const read of [readAddress, readRoute, readRule, readNeighbour, readFdbEntry]) {
    const bytes = Uint8Array.from(Buffer.from("ff".repeat(12), "hex"));
    assert.equal(read(new MessageReader(bytes), 0, 12), undefined);
    assert.equal(read(new MessageReader(bytes.fill(2)), 0, 4), undefined);
  }
});
