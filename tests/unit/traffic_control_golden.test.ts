import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import type { QdiscAdd, TrafficClassAdd } from "../../src/netlink/tc/qdisc.ts";
import { writeQdisc, writeTrafficClass } from "../../src/netlink/tc/qdisc_message.ts";
import { assertSame, attributesOf, sentByTc, sentByUs } from "../helpers/traffic_control_golden.ts";

const v0 = { dev: "v0" } as const;
const v1 = { dev: "v1" } as const;

const qdiscs: Readonly<Record<string, QdiscAdd>> = {
  "qdisc add dev v0 root handle 1: htb default 10": {
    ...v0,
    handle: "1:",
    kind: "htb",
    default: "10",
  },
  "qdisc replace dev v0 root handle 1: htb default 10 r2q 100 direct_qlen 500": {
    ...v0,
    parent: "root",
    handle: "1:",
    kind: "htb",
    default: "10",
    r2q: 100,
    directQlen: 500,
  },
  "qdisc add dev v1 root tbf rate 1mbit burst 32k latency 50ms": {
    ...v1,
    kind: "tbf",
    rate: "1mbit",
    burst: "32k",
    latency: "50ms",
  },
  "qdisc replace dev v1 root tbf rate 1mbit burst 5k limit 9000": {
    ...v1,
    kind: "tbf",
    rate: 1_000_000,
    burst: 5120,
    limit: 9000,
  },
  "qdisc replace dev v1 root tbf rate 7mbit burst 10k latency 13ms peakrate 9mbit mtu 2000": {
    ...v1,
    kind: "tbf",
    rate: "7mbit",
    burst: "10k",
    latency: 13,
    peakrate: "9mbit",
    mtu: 2000,
  },
  "qdisc replace dev v1 root handle 5: tbf rate 256kbps burst 1540 latency 1s mpu 64 overhead 10": {
    ...v1,
    handle: "5:",
    kind: "tbf",
    rate: "256kbps",
    burst: "1540b",
    latency: "1s",
    mpu: 64,
    overhead: 10,
  },
  "qdisc add dev ifb0 ingress": { dev: "ifb0", kind: "ingress" },
  "qdisc add dev ifb1 clsact": { dev: "ifb1", kind: "clsact" },
  "qdisc replace dev v1 root pfifo limit 77": { ...v1, kind: "pfifo", limit: 77 },
  "qdisc replace dev v1 root bfifo limit 7777": { ...v1, kind: "bfifo", limit: 7777 },
  "qdisc add dev v1 root prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3": {
    ...v1,
    kind: "prio",
    bands: 4,
    priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3],
  },
  "qdisc add dev v1 root sfq perturb 10 quantum 3000 limit 100": {
    ...v1,
    kind: "sfq",
    perturb: 10_000,
    quantum: 3000,
    limit: 100,
  },
  "qdisc add dev v1 root fq limit 5000 flow_limit 50 quantum 3000 maxrate 10mbit horizon 5s ce_threshold 2ms":
    {
      ...v1,
      kind: "fq",
      limit: 5000,
      flowLimit: 50,
      quantum: 3000,
      maxrate: "10mbit",
      horizon: "5s",
      ceThreshold: 2,
    },
  "qdisc add dev v1 root hfsc default 20": { ...v1, kind: "hfsc", default: "20" },
  "qdisc add dev v1 root fq_codel limit 1000 target 5ms interval 100ms": {
    ...v1,
    kind: "fq_codel",
    limit: 1000,
    target: 5,
    interval: "100ms",
  },
  "qdisc add dev v1 root fq_codel flows 512 quantum 300 noecn ce_threshold 1ms memory_limit 4m drop_batch 32":
    {
      ...v1,
      kind: "fq_codel",
      flows: 512,
      quantum: 300,
      ecn: false,
      ceThreshold: 1,
      memoryLimit: "4m",
      dropBatch: 32,
    },
};

const classes: Readonly<Record<string, TrafficClassAdd>> = {
  "class add dev v0 parent 1: classid 1:1 htb rate 10mbit burst 15k": {
    ...v0,
    classid: "1:1",
    kind: "htb",
    rate: "10mbit",
    burst: "15k",
  },
  "class add dev v0 parent 1:1 classid 1:10 htb rate 1mbit ceil 2mbit burst 16k cburst 20k prio 3 quantum 3000":
    {
      ...v0,
      parent: "1:1",
      classid: "1:10",
      kind: "htb",
      rate: "1mbit",
      ceil: "2mbit",
      burst: "16k",
      cburst: "20k",
      prio: 3,
      quantum: 3000,
    },
  "class add dev v0 parent 1:1 classid 1:20 htb rate 40gbit": {
    ...v0,
    parent: "1:1",
    classid: "1:20",
    kind: "htb",
    rate: "40gbit",
  },
  "class change dev v0 parent 1:1 classid 1:20 htb rate 333kbit ceil 7777kbit": {
    ...v0,
    parent: "1:1",
    classid: "1:20",
    kind: "htb",
    rate: "333kbit",
    ceil: 7_777_000,
  },
  "class add dev v0 parent 1:1 classid 1:30 htb rate 5mbit mtu 9000 overhead 24 mpu 64 linklayer ethernet":
    {
      ...v0,
      parent: "1:1",
      classid: "1:30",
      kind: "htb",
      rate: "5mbit",
      mtu: 9000,
      overhead: 24,
      mpu: 64,
      linklayer: "ethernet",
    },
  "class add dev v1 parent 1: classid 1:1 hfsc sc rate 1mbit ul m1 5mbit d 10ms m2 2mbit": {
    ...v1,
    classid: "1:1",
    kind: "hfsc",
    rt: { m2: "1mbit" },
    ls: { m2: "1mbit" },
    ul: { m1: "5mbit", d: "10ms", m2: "2mbit" },
  },
};

for (const [command, options] of Object.entries(qdiscs)) {
  test(`a qdisc is sent as by tc ${command}`, () => {
    assertSame(sentByUs((writer) => writeQdisc(writer, options)), command, options.kind);
  });
}

for (const [command, options] of Object.entries(classes)) {
  test(`a class is sent as by tc ${command}`, () => {
    const sent = sentByUs((writer) => writeTrafficClass(writer, options));
    assertSame(sent, command, `${options.kind} class`);
  });
}

test("the bucket of tbf at a rate above 32 bits is that of the rate, where tc cuts the rate", () => {
  const command = "qdisc replace dev v1 root tbf rate 50gbit burst 100m limit 100m";
  const options = { ...v1, kind: "tbf", rate: "50gbit", burst: "100m", limit: "100mb" } as const;
  const actual = attributesOf(sentByUs((writer) => writeQdisc(writer, options)), "tbf");
  const expected = attributesOf(sentByTc(command), "tbf");
  const buffer = Buffer.from(actual.get("2/1")!, "hex").readUInt32LE(28);
  assert.equal(buffer, 104857600 / 6.25e9 * 1e9 / 64);
  for (const map of [actual, expected]) {
    map.set("2/1", map.get("2/1")!.replace(/^(.{56}).{8}/, "$1"));
  }
  assert.deepEqual(actual, expected);
});
