import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fs from "node:fs";
import test from "node:test";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { NLMSG_HDRLEN } from "../../src/netlink/codec/message_writer.ts";
import type { Netem } from "../../src/netlink/tc/qdiscs/netem.ts";
import { readQdisc, writeQdisc } from "../../src/netlink/tc/qdisc_message.ts";
import { assertSame, attributesOf, sentByTc, sentByUs } from "../helpers/traffic_control_golden.ts";
import { skipIf } from "../helpers/requirements.ts";

type Options = Omit<Netem, "kind">;

function send(options: Options): Uint8Array {
  return sentByUs((writer) => writeQdisc(writer, { dev: "v1", kind: "netem", ...options }));
}

const commands: Readonly<Record<string, Options>> = {
  "": {},
  "delay 100ms 10ms 25% loss 1% rate 1mbit": {
    delay: 100,
    jitter: "10ms",
    delayCorrelation: 25,
    loss: "1%",
    rate: "1mbit",
  },
  "delay 20ms loss 0.1% duplicate 1% corrupt 0.5% reorder 25% 50%": {
    delay: "20ms",
    loss: 0.1,
    duplicate: 1,
    corrupt: 0.5,
    reorder: "25%",
    reorderCorrelation: "50%",
  },
  "delay 10ms reorder 10% gap 5": { delay: 10, reorder: 10, gap: 5 },
  "loss random 5% 10% duplicate 2% 3% corrupt 4% 5%": {
    loss: 5,
    lossCorrelation: 10,
    duplicate: 2,
    duplicateCorrelation: 3,
    corrupt: 4,
    corruptCorrelation: 5,
  },
  "loss 3% ecn": { loss: 3, ecn: true },
  "loss state 1%": { lossState: { p13: 1 } },
  "loss state 1% 90% 5% 60% 2%": { lossState: { p13: 1, p31: 90, p32: 5, p23: 60, p14: 2 } },
  "loss gemodel 1%": { lossGemodel: { p: 1 } },
  "loss gemodel 1% 10% 70% 0.1%": { lossGemodel: { p: 1, r: 10, h: 30, k: 99.9 } },
  "rate 1mbit 20 100 5": { rate: "1mbit", packetOverhead: 20, cellSize: 100, cellOverhead: 5 },
  "rate 50gbit": { rate: "50gbit" },
  "slot 20ms 40ms packets 10 bytes 20000": {
    slot: { minDelay: 20, maxDelay: 40, packets: 10, bytes: 20000 },
  },
  "delay 5s slot 800us": { delay: "5s", slot: { minDelay: "800us" } },
};

for (const [command, options] of Object.entries(commands)) {
  test(`netem is sent as by tc netem ${command}`, () => {
    assertSame(send(options), `qdisc add dev v1 root netem ${command}`.trim(), "netem");
  });

  test(`netem ${command} reads back as it was written`, () => {
    const sent = send(options);
    const reader = new MessageReader(sent);
    const read = readQdisc(reader, NLMSG_HDRLEN, sent.byteLength)!;
    assert.deepEqual(send(read as Options), sent);
  });
}

test("netem reads as a caller would write it", () => {
  const options: Options = {
    limit: 500,
    delay: 10.005,
    jitter: 2.5,
    delayCorrelation: 12.5,
    loss: 0.1,
    duplicate: 33.3,
    lossGemodel: undefined,
    corrupt: 1,
    rate: 64_000,
    packetOverhead: -14,
    slot: { minDelay: 0.8, maxDelay: 1.6, packets: 3 },
    seed: 0xfedcba9876543210n,
  };
  const sent = send(options);
  const read = readQdisc(new MessageReader(sent), NLMSG_HDRLEN, sent.byteLength)!;
  delete options.lossGemodel;
  const { dev: _dev, parent, handle, refcnt, ...others } = read;
  assert.deepEqual([parent, handle, refcnt], ["root", "0:", 0]);
  assert.deepEqual(others, { kind: "netem", ...options });
});

test("netem sends delays that are no whole ticks in ns as well, where tc rounds them", () => {
  const ours = attributesOf(send({ delay: "10us" }), "netem");
  const theirs = attributesOf(sentByTc("qdisc add dev v1 root netem delay 10us"), "netem");
  assert.equal(Buffer.from(ours.get("2/10")!, "hex").readBigInt64LE(), 10_000n);
  ours.delete("2/10");
  assert.deepEqual(ours, theirs);
});

for (const distribution of ["normal", "pareto", "paretonormal"] as const) {
  const path = `/usr/lib/x86_64-linux-gnu/tc/${distribution}.dist`;
  const skip = skipIf(!fs.existsSync(path), "iproute2 has no tables of distributions here");

  test(`the ${distribution} distribution has the mean and spread that it should`, () => {
    const table = tableOf(send({ delay: 10, jitter: 3, distribution }));
    assert.equal(table.length, 4096);
    const mean = table.reduce((sum, value) => sum + value, 0) / table.length;
    assert.ok(Math.abs(mean) < 0.05 * 8192, `mean ${mean}`);
    assert.deepEqual([...table].sort((a, b) => a - b), table);
    if (distribution !== "normal") return;
    const variance = table.reduce((sum, value) => sum + value ** 2, 0) / table.length;
    assert.ok(Math.abs(Math.sqrt(variance) / 8192 - 1) < 0.01, `deviation ${variance ** 0.5}`);
  });

  test(`the ${distribution} distribution is that of iproute2`, { skip }, () => {
    const ours = tableOf(send({ delay: 10, jitter: 3, distribution }));
    const theirs = fs.readFileSync(path, "utf8").replace(/^#.*$/gm, "").trim().split(/\s+/)
      .map(Number);
    assert.equal(theirs.length, ours.length);
    // Between the tails, where tables of so few values can be compared.
    for (let index = 96; index < 4000; index++) {
      const difference = Math.abs(ours[index]! - theirs[index]!);
      const tolerance = Math.max(0.03 * 8192, 0.03 * Math.abs(theirs[index]!));
      assert.ok(difference < tolerance, `${index}: ${ours[index]}, ${theirs[index]}`);
    }
  });
}

/** `TCA_NETEM_DELAY_DIST`. */
function tableOf(message: Uint8Array): number[] {
  const bytes = Buffer.from(attributesOf(message, "netem").get("2/2")!, "hex");
  return Array.from({ length: bytes.byteLength / 2 }, (_, index) => bytes.readInt16LE(2 * index));
}

test("a distribution of a slot is sent beside it", () => {
  const slot = { distribution: "normal", delay: 2, jitter: "1ms" } as const;
  const ours = attributesOf(send({ delay: 1, slot }), "netem");
  const theirs = attributesOf(
    sentByTc("qdisc add dev v1 root netem delay 1ms slot distribution normal 2ms 1ms"),
    "netem",
  );
  assert.equal(ours.get("2/13")!.length, 4 * 4096);
  ours.delete("2/13");
  assert.deepEqual(ours, theirs);
});

test("a distribution may be a table", () => {
  const table = [-8192, 0, 8192];
  assert.deepEqual(tableOf(send({ delay: 10, jitter: 3, distribution: table })), table);
});
