import assert from "node:assert/strict";
import fc from "fast-check";
import test from "node:test";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { readLink } from "../../src/netlink/link/link_message.ts";
import { parsePrefix } from "../../src/netlink/prefix.ts";
import { writeRoute } from "../../src/netlink/route/route_message.ts";
import { snapshot } from "../../src/netlink/snapshot.ts";

const encoder = new TextEncoder();

function textOf(bytes: Uint8Array): string {
  return new MessageReader(bytes).text(0, bytes.byteLength);
}

test("text is what was written, also when it was read before", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 40 })), (texts) => {
      for (const text of [...texts, ...texts]) {
        if (/[\0\uFEFF]/.test(text)) continue;
        assert.equal(textOf(encoder.encode(text)), text);
      }
    }),
    { numRuns: 2000 },
  );
});

test("bytes above 127 are not taken for characters of the same number", () => {
  const encoded = encoder.encode("\u00c3\u00a9");
  assert.equal(textOf(encoded), "\u00c3\u00a9");
  assert.equal(textOf(Uint8Array.of(0xc3, 0xa9)), "\u00e9");
  assert.equal(textOf(encoded), "\u00c3\u00a9");
});

test("text ends at the first NUL", () => {
  assert.equal(textOf(encoder.encode("eth0\0eth1")), "eth0");
  assert.equal(textOf(encoder.encode("\0eth1")), "");
});

test("messages that are built at the same time do not disturb each other", () => {
  const writers = Array.from({ length: 300 }, () => new MessageWriter(16, 1));
  for (let round = 0; round < 40; round++) {
    writers.forEach((writer, index) => writer.u32(index << 8 | round));
  }
  writers[7]!.rewind(100);
  writers.forEach((writer, index) => {
    const bytes = writer.finish();
    const reader = new MessageReader(bytes);
    assert.equal(bytes.byteLength, index === 7 ? 100 : 176);
    assert.deepEqual([reader.u32(0), reader.u16(4), reader.u16(6)], [bytes.byteLength, 16, 1]);
    for (let offset = 16; offset < bytes.byteLength; offset += 4) {
      assert.equal(reader.u32(offset), index << 8 | (offset - 16) / 4);
    }
  });
});

function routeBytes(options: object): number[] {
  const writer = new MessageWriter(24, 0);
  writeRoute(writer, options);
  return [...writer.finish()];
}

test("what is written does not depend on what was written before", () => {
  const routes = [
    { dst: "10.9.0.0/16", dev: 2 },
    { dev: 2, dst: "10.9.0.0/16" },
    { dst: "10.9.0.0/16", dev: 2, mtu: 1400 },
    { dst: "default", via: "10.0.0.1" },
    { dst: "10.9.0.0/16", via: "fd00::1", metric: 7 },
    { dst: "10.9.0.0/16", nexthops: [{ via: "10.0.0.1" }, { via: "10.0.0.2" }] },
    { dst: "10.9.0.0/16", dev: 2, attributes: [{ type: 77, data: Uint8Array.of(1) }] },
  ];
  const alone = routes.map((route) => routeBytes(route));
  assert.deepEqual(alone[0], alone[1]);
  for (const first of routes.keys()) {
    for (const second of routes.keys()) {
      assert.deepEqual(routeBytes(routes[first]!), alone[first]);
      assert.deepEqual(routeBytes(routes[second]!), alone[second]);
    }
  }
});

test("a raw attribute is written into a nest that has no other", () => {
  const data = Uint8Array.of(1, 2, 3, 4);
  const within = "RTA_METRICS";
  const bytes = routeBytes({
    dst: "10.9.0.0/16",
    dev: 2,
    attributes: [{ type: 99, data, within }],
  });
  assert.deepEqual(bytes.slice(-12), [12, 0, 8, 0, 8, 0, 99, 0, 1, 2, 3, 4]);
});

test("a link has no member that the kernel did not tell", () => {
  const writer = new MessageWriter(16, 0).u16(0).u16(772).u32(1).u32(0).u32(0);
  const name = writer.begin(3);
  writer.text("lo").u8(0).end(name);
  const bytes = writer.finish();
  const link = readLink(new MessageReader(bytes), 16, bytes.byteLength)!;
  assert.deepEqual(link, {
    index: 1,
    name: "lo",
    type: "loopback",
    up: false,
    promisc: false,
    allmulticast: false,
    arp: true,
    multicast: false,
    dynamic: false,
    flags: [],
  });
});

test("the length of a prefix is a number without anything else", () => {
  assert.equal(parsePrefix("10.0.0.0/8", "dst").length, 8);
  assert.equal(parsePrefix("fd00::/128", "dst").length, 128);
  for (
    const length of ["", "08", "1e1", "-0", "+8", " 8", "8 ", "0x8", "8.0", "33", "256", "8/8"]
  ) {
    assert.throws(() => parsePrefix(`10.0.0.0/${length}`, "dst"), TypeError, length);
  }
  assert.throws(() => parsePrefix("fd00::/129", "dst"), TypeError);
});

test("a snapshot shares nothing with what it was taken of, and takes all of it as data", () => {
  const options = { a: { b: [{ c: Uint8Array.of(1) }] }, d: undefined };
  const taken = snapshot(options);
  assert.deepEqual(taken, options);
  options.a.b[0]!.c[0] = 2;
  options.a.b.push({ c: Uint8Array.of(3) });
  assert.deepEqual(taken, { a: { b: [{ c: Uint8Array.of(1) }] }, d: undefined });
  const hostile = JSON.parse('{"__proto__": {"up": true}}') as Record<string, unknown>;
  const kept = snapshot(hostile);
  assert.equal(Object.getPrototypeOf(kept), Object.prototype);
  assert.deepEqual(Object.keys(kept), ["__proto__"]);
  assert.equal(kept.up, undefined);
});
