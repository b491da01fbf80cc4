import assert from "node:assert/strict";
import test from "node:test";
import fs from "node:fs";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter, NLMSG_HDRLEN } from "../../src/netlink/codec/message_writer.ts";
import { readFilter, writeFilter } from "../../src/netlink/tc/filter_message.ts";
import {
  formatHandle,
  formatU32Handle,
  parseHandle,
  parseU32Handle,
} from "../../src/netlink/tc/handle.ts";
import {
  qdiscAttributePath,
  readQdisc,
  readTrafficClass,
  writeQdisc,
  writeTrafficClass,
} from "../../src/netlink/tc/qdisc_message.ts";
import {
  formatPercentage,
  parsePercentage,
  parseRate,
  parseSize,
  parseTime,
} from "../../src/netlink/tc/units.ts";
import { sentByUs } from "../helpers/traffic_control_golden.ts";

const rates: readonly (readonly [number | string, bytesPerSecond: number])[] = [
  [8, 1],
  [1e9, 125e6],
  ["8bit", 1],
  ["1kbit", 125],
  ["1kibit", 128],
  ["1.5mbit", 187500],
  ["2Gbit", 250e6],
  ["1tibit", 2 ** 37],
  ["100bps", 100],
  ["1kbps", 1000],
  ["1mibps", 2 ** 20],
];

const times: readonly (readonly [number | string, nanoseconds: number])[] = [
  [0, 0],
  [1, 1e6],
  [0.005, 5000],
  ["5us", 5000],
  ["100ms", 1e8],
  ["1.5s", 15e8],
  ["2secs", 2e9],
  ["7ns", 7],
];

const sizes: readonly (readonly [number | string, bytes: number])[] = [
  [1500, 1500],
  ["1500", 1500],
  ["1500b", 1500],
  ["32k", 32768],
  ["32kb", 32768],
  ["1m", 2 ** 20],
  ["1gb", 2 ** 30],
  ["8kbit", 1024],
];

test("rates, times and sizes are read as tc reads them", () => {
  for (const [value, expected] of rates) {
    assert.equal(parseRate("rate", value), expected, `${value}`);
  }
  for (const [value, expected] of times) {
    assert.equal(parseTime("time", value), expected, `${value}`);
  }
  for (const [value, expected] of sizes) {
    assert.equal(parseSize("size", value), expected, `${value}`);
  }
});

test("percentages are shares of 2^32 - 1, and read as the shortest number", () => {
  for (const percentage of [0, 0.1, 0.00001, 1, 12.5, 25, 33.3, 99.9, 100]) {
    const share = parsePercentage("loss", percentage);
    assert.equal(parsePercentage("loss", `${percentage.toFixed(5)}%`), share);
    assert.equal(formatPercentage(share), percentage);
  }
  for (const share of [1, 2, 12345, 0x7fffffff, 0xfffffffe]) {
    assert.equal(parsePercentage("loss", formatPercentage(share)), share);
  }
});

test("what is no rate, time, size or percentage is refused by name and value", () => {
  const wrong = [undefined, null, "", "fast", "1 mbit", "-1mbit", "1mbit/s", {}, true, "1e3bit"];
  for (const value of wrong) {
    for (const parse of [parseRate, parseTime, parseSize, parsePercentage]) {
      assert.throws(
        () => parse("options.x", value),
        (error) => error instanceof TypeError && error.message.startsWith("options.x must be"),
      );
    }
  }
  assert.throws(() => parseRate("rate", "5ms"), TypeError);
  assert.throws(() => parseTime("delay", "100"), TypeError);
  for (const value of [-1, NaN, Infinity]) {
    for (const parse of [parseRate, parseTime, parseSize, parsePercentage]) {
      assert.throws(() => parse("options.x", value), RangeError);
    }
  }
  assert.throws(() => parseSize("burst", "4g"), RangeError);
  assert.throws(() => parsePercentage("loss", 100.1), RangeError);
});

test("handles are read and told in hexadecimal", () => {
  const handles: readonly (readonly [string, number])[] = [
    ["1:", 0x10000],
    ["1:10", 0x10010],
    ["ffff:", 0xffff0000],
    [":1", 1],
    ["0:", 0],
    ["8001:fff", 0x80010fff],
  ];
  for (const [text, number] of handles) {
    assert.equal(parseHandle("handle", text), number);
    assert.equal(formatHandle(number), text);
  }
  const ofU32: readonly (readonly [string, number])[] = [
    ["800:", 0x80000000],
    ["800::801", 0x80000801],
    ["1:7:", 0x00107000],
    ["1:ff:fff", 0x001fffff],
  ];
  for (const [text, number] of ofU32) {
    assert.equal(parseU32Handle("handle", text), number);
    assert.equal(formatU32Handle(number), text);
  }
  for (const bad of [":", "1", "10000:", "1:10000", "x:", "1:2:3", "", 1, undefined, "toString"]) {
    assert.throws(() => parseHandle("options.handle", bad), /^TypeError: options\.handle must be/);
  }
  for (const bad of ["800", "8000:", "1:100:", ":1:", 5]) {
    assert.throws(() => parseU32Handle("options.handle", bad), TypeError);
  }
});

test("a tick is what /proc/net/psched says", () => {
  const [usPerNs, nsPerTick] = fs.readFileSync("/proc/net/psched", "utf8").split(" ");
  assert.equal(parseInt(usPerNs!, 16), 1000);
  assert.equal(parseInt(nsPerTick!, 16), 64);
});

const tbf = { dev: "lo", kind: "tbf", rate: "1mbit", burst: "5k" };
const htb = { dev: "lo", kind: "htb", classid: "1:1", rate: "1mbit" };
const u32 = { dev: "lo", parent: "1:", kind: "u32", classid: "1:1" };

/** Options, and what the error says of them. */
const badQdiscs: readonly (readonly [unknown, RegExp])[] = [
  [undefined, /^TypeError: options must be an object/],
  [{}, /^TypeError: options\.kind must be a kind/],
  [{ kind: "pfifo" }, /^TypeError: options\.dev must be/],
  [{ dev: "lo", kind: "pfifo", speed: 1 }, /^TypeError: options\.speed is not an option/],
  [{ dev: "lo", kind: "nosuch", rate: 1 }, /^TypeError: options\.rate is not an option/],
  [{ dev: "lo", kind: "pfifo", limit: -1 }, /^RangeError: options\.limit must be/],
  [{ dev: "lo", kind: "pfifo", limit: "5" }, /^TypeError: options\.limit must be/],
  [{ dev: "lo", kind: "pfifo", parent: "up" }, /^TypeError: options\.parent must be "root"/],
  [{ dev: "lo", kind: "pfifo", handle: "1" }, /^TypeError: options\.handle must be a handle/],
  [tbf, /^TypeError: options must have either limit or latency/],
  [{ ...tbf, limit: 1, latency: 1 }, /^TypeError: options must have either limit or latency/],
  [{ ...tbf, limit: 1, rate: undefined }, /^TypeError: options\.rate must be a rate/],
  [{ ...tbf, limit: 1, rate: 7 }, /^RangeError: options\.rate must be at least 8 bit/],
  [{ ...tbf, limit: 1, peakrate: "2mbit" }, /^TypeError: options\.mtu must be given/],
  [{ ...tbf, limit: 1, overhead: -1 }, /^RangeError: options\.overhead must be/],
  [{ ...tbf, limit: 1, linklayer: "x" }, /^TypeError: options\.linklayer must be/],
  [{ dev: "lo", kind: "htb", default: 10 }, /options\.default must be hexadecimal/],
  [{ dev: "lo", kind: "htb", r2q: 0 }, /^RangeError: options\.r2q must be/],
  [{ dev: "lo", kind: "prio", priomap: [1] }, /^TypeError: options\.priomap must be/],
  [
    { dev: "lo", kind: "prio", priomap: Array(16).fill(3) },
    /^RangeError: options\.priomap\[0\] must be/,
  ],
  [{ dev: "lo", kind: "netem", loss: 101 }, /^RangeError: options\.loss must be/],
  [{ dev: "lo", kind: "netem", delay: -1 }, /^RangeError: options\.delay must be/],
  [
    { dev: "lo", kind: "netem", distribution: "normal" },
    /^TypeError: options\.jitter must be given/,
  ],
  [
    { dev: "lo", kind: "netem", jitter: 1, distribution: "odd" },
    /^TypeError: options\.distribution must be one of "normal", "pareto", "paretonormal"/,
  ],
  [{ dev: "lo", kind: "netem", reorder: 1 }, /^TypeError: options\.delay must be given/],
  [{ dev: "lo", kind: "netem", loss: 1, lossState: { p13: 1 } }, /must have only one of loss/],
  [{ dev: "lo", kind: "netem", lossState: {} }, /^TypeError: options\.lossState\.p13 must be/],
  [{ dev: "lo", kind: "netem", lossGemodel: { q: 1 } }, /options\.lossGemodel\.q is not an option/],
  [{ dev: "lo", kind: "netem", slot: { size: 1 } }, /options\.slot\.size is not an option/],
  [{ dev: "lo", kind: "netem", seed: 1 }, /^TypeError: options\.seed must be a bigint/],
  [{ dev: "lo", kind: "fq_codel", target: "soon" }, /^TypeError: options\.target must be a time/],
  [{ dev: "lo", kind: "fq_codel", ecn: 1 }, /^TypeError: options\.ecn must be a boolean/],
];

const badClasses: readonly (readonly [unknown, RegExp])[] = [
  [{ ...htb, classid: undefined }, /^TypeError: options\.classid must be a handle/],
  [{ ...htb, rate: undefined }, /^TypeError: options\.rate must be a rate/],
  [{ ...htb, ceil: "x" }, /^TypeError: options\.ceil must be a rate/],
  [{ ...htb, burst: "4g" }, /^RangeError: options\.burst must be/],
  [{ ...htb, prio: -1 }, /^RangeError: options\.prio must be/],
  [{ ...htb, kind: "hfsc" }, /^TypeError: options\.rate is not an option/],
  [{ dev: "lo", classid: "1:1", kind: "hfsc", ul: {} }, /^TypeError: options\.ul\.m2 must be/],
];

const badFilters: readonly (readonly [unknown, RegExp])[] = [
  [{ ...u32, protocol: "ipx" }, /^TypeError: options\.protocol must be one of "all"/],
  [{ ...u32, pref: 65536 }, /^RangeError: options\.pref must be/],
  [{ ...u32, block: 1 }, /^TypeError: options must have either block, or dev and parent/],
  [{ ...u32, handle: "1" }, /^TypeError: options\.handle must be/],
  [{ ...u32, classid: "10" }, /^TypeError: options\.classid must be/],
  [{ ...u32, match: {} }, /^TypeError: options\.match must be an array/],
  [{ ...u32, match: [{ ip: { src: "10.0.0.1/8" } }] }, /options\.match\[0\]\.ip\.src must be/],
  [{ ...u32, match: [{ ip: { src: "fd00::1" } }] }, /ip\.src must be an IPv4 address/],
  [{ ...u32, match: [{ ip: { dport: 65536 } }] }, /^RangeError: options\.match\[0\]\.ip\.dport/],
  [{ ...u32, match: [{ ip: { ttl: 1 } }] }, /options\.match\[0\]\.ip\.ttl is not an option/],
  [{ ...u32, match: [{ ip: { dport: 1 } }, { ip: { dport: 2 } }] }, /match\[1\] contradicts/],
  [{ ...u32, match: [{ value: 1, mask: 1 }] }, /options\.match\[0\]\.offset must be/],
  [{ ...u32, actions: [{}] }, /^TypeError: options\.actions\[0\]\.kind must be a kind/],
  [{ ...u32, actions: [{ kind: "gact" }] }, /actions\[0\]\.controlAction must be one of/],
  [
    { ...u32, actions: [{ kind: "mirred", action: "redirect" }] },
    /^TypeError: options\.actions\[0\]\.dev must be/,
  ],
  [
    { ...u32, actions: [{ kind: "mirred", dev: "lo", action: "x" }] },
    /actions\[0\]\.action must be/,
  ],
  [{ ...u32, actions: [{ kind: "police", rate: 1e6 }] }, /actions\[0\]\.burst must be a size/],
  [{ ...u32, flags: ["fast"] }, /^TypeError: options\.flags must be/],
  [{ ...u32, kind: "flower", dstPort: 80 }, /^TypeError: options\.ipProto must be "tcp"/],
  [{ ...u32, kind: "flower", dstIp: "10.0.0.1/8" }, /^RangeError: options\.dstIp must be/],
];

const writers = [
  [badQdiscs, writeQdisc],
  [badClasses, writeTrafficClass],
  [badFilters, writeFilter],
] as const;

for (const [cases, write] of writers) {
  for (const [options, expected] of cases) {
    test(`${write.name} refuses what says: ${expected.source}`, () => {
      assert.throws(() => write(new MessageWriter(0, 0), options), expected);
    });
  }
}

test("an attribute of a message is named by its place", () => {
  const options = { dev: 1, kind: "netem", loss: 1, lossCorrelation: 2, rate: 8 } as const;
  const sent = sentByUs((writer) => writeQdisc(writer, options));
  const message = new MessageReader(sent);
  const names = new Set<string | undefined>();
  for (let offset = NLMSG_HDRLEN; offset < sent.byteLength; offset++) {
    names.add(qdiscAttributePath(message, offset));
  }
  for (const name of ["CORR", "RATE"]) assert.ok(names.has(`TCA_OPTIONS/TCA_NETEM_${name}`));
});

test("damaged messages are read, kept as bytes, or refused with a typed error", () => {
  let state = 7;
  const random = (below: number) => {
    state = Math.imul(state, 1103515245) + 12345 >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const netem = { dev: 1, kind: "netem", delay: 10, lossState: { p13: 1 }, slot: { minDelay: 1 } };
  const actions = [{ kind: "police", rate: 1e6, burst: 5000 }, {
    kind: "mirred",
    action: "mirror",
    dev: 2,
  }];
  const messages = [
    [sentByUs((writer) => writeQdisc(writer, netem)), readQdisc],
    [sentByUs((writer) => writeQdisc(writer, { ...tbf, dev: 1, limit: 5 })), readQdisc],
    [sentByUs((writer) => writeTrafficClass(writer, { ...htb, dev: 1 })), readTrafficClass],
    [
      sentByUs((writer) => writeFilter(writer, { ...u32, dev: 1, handle: "800::1", actions })),
      readFilter,
    ],
  ] as const;
  const seen = new Set<string>();
  for (let round = 0; round < 20_000; round++) {
    const [message, read] = messages[round % messages.length]!;
    const damaged = message.slice(0, message.byteLength - random(2) * random(message.byteLength));
    for (let change = random(4); change > 0; change--) {
      damaged[random(damaged.byteLength)] = random(256);
    }
    try {
      const object = read(new MessageReader(damaged), NLMSG_HDRLEN, damaged.byteLength);
      if (object !== undefined) seen.add(object.kind);
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, "EBADMSG", String(error));
    }
  }
  for (const kind of ["netem", "tbf", "htb", "u32"]) assert.ok(seen.has(kind), kind);
});
