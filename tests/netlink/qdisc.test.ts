import assert from "node:assert/strict";
import { isNetNSError } from "../../src/errors.ts";
import { NetNS } from "../../mod.ts";
import type { QdiscAdd } from "../../src/netlink/tc/qdisc.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  inTwo,
  skipTests,
  skipWithoutQdisc,
  tc,
  tcJson,
} from "../helpers/traffic_control_kinds.ts";

/** A qdisc as tc describes it, as this library does, and what it tells of it besides. */
interface Case {
  readonly tc: string;
  readonly options: Record<string, unknown> & { readonly kind: string };
  readonly told?: Record<string, unknown>;
}

const cases: readonly Case[] = [
  {
    tc: "tbf rate 1mbit burst 32k latency 50ms",
    options: { kind: "tbf", rate: "1mbit", burst: "32k", latency: 50 },
    told: { rate: 1_000_000, burst: 32768, limit: 39018 },
  },
  {
    tc: "tbf rate 8mbit burst 10k limit 20000 peakrate 16mbit mtu 2000",
    options: { kind: "tbf", rate: 8e6, burst: 10240, limit: 20000, peakrate: "16mbit", mtu: 2000 },
    told: { rate: 8e6, burst: 10240, limit: 20000, peakrate: 16e6, mtu: 2000 },
  },
  {
    tc: "tbf rate 48gbit burst 1m limit 2m",
    options: { kind: "tbf", rate: "48gbit", burst: "1m", limit: "2m" },
    told: { rate: 48e9, limit: 2 * 1024 ** 2 },
  },
  {
    tc: "htb default 1f r2q 20 direct_qlen 50",
    options: { kind: "htb", default: "1f", r2q: 20, directQlen: 50 },
    told: { default: "1f", r2q: 20, directQlen: 50, directPackets: 0 },
  },
  { tc: "pfifo limit 70", options: { kind: "pfifo", limit: 70 }, told: { limit: 70 } },
  { tc: "bfifo limit 7000", options: { kind: "bfifo", limit: 7000 }, told: { limit: 7000 } },
  {
    tc: "prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3",
    options: { kind: "prio", bands: 4, priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3] },
    told: { bands: 4, priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3] },
  },
  {
    tc: "sfq perturb 10 quantum 3000 limit 100",
    options: { kind: "sfq", perturb: "10s", quantum: 3000, limit: 100 },
    told: { perturb: 10_000, quantum: 3000, limit: 100 },
  },
  { tc: "hfsc default 20", options: { kind: "hfsc", default: "20" }, told: { default: "20" } },
  {
    tc: "fq_codel limit 1000 flows 512 target 4ms interval 80ms quantum 300 noecn memory_limit 4m",
    options: {
      kind: "fq_codel",
      limit: 1000,
      flows: 512,
      target: 4,
      interval: "80ms",
      quantum: 300,
      ecn: false,
      memoryLimit: "4m",
    },
    told: { limit: 1000, flows: 512, target: 4, interval: 80, quantum: 300, ecn: false },
  },
  {
    tc: "fq limit 5000 flow_limit 50 quantum 3000 maxrate 10mbit horizon 5s ce_threshold 2ms",
    options: {
      kind: "fq",
      limit: 5000,
      flowLimit: 50,
      quantum: 3000,
      maxrate: "10mbit",
      horizon: "5s",
      ceThreshold: 2,
    },
    told: { limit: 5000, flowLimit: 50, maxrate: 10e6, horizon: 5000, ceThreshold: 2 },
  },
  { tc: "netem", options: { kind: "netem" }, told: { limit: 1000 } },
  {
    tc: "netem delay 100ms 10ms 25% loss 1% rate 1mbit limit 500",
    options: {
      kind: "netem",
      delay: 100,
      jitter: 10,
      delayCorrelation: 25,
      loss: 1,
      rate: "1mbit",
      limit: 500,
    },
    told: { delay: 100, jitter: 10, delayCorrelation: 25, loss: 1, rate: 1e6, limit: 500 },
  },
  {
    tc: "netem delay 20ms loss 0.1% duplicate 1% corrupt 0.5% reorder 25% 50% gap 3",
    options: {
      kind: "netem",
      delay: "20ms",
      loss: "0.1%",
      duplicate: 1,
      corrupt: 0.5,
      reorder: 25,
      reorderCorrelation: 50,
      gap: 3,
    },
    told: { loss: 0.1, duplicate: 1, corrupt: 0.5, reorder: 25, reorderCorrelation: 50, gap: 3 },
  },
  {
    tc: "netem loss state 1% 90% 5% 60% 2%",
    options: { kind: "netem", lossState: { p13: 1, p31: 90, p32: 5, p23: 60, p14: 2 } },
    told: { lossState: { p13: 1, p31: 90, p32: 5, p23: 60, p14: 2 } },
  },
  {
    tc: "netem loss gemodel 1% 10% 70% 0.1%",
    options: { kind: "netem", lossGemodel: { p: 1, r: 10, h: 30, k: 99.9 } },
    told: { lossGemodel: { p: 1, r: 10, h: 30, k: 99.9 } },
  },
  {
    tc: "netem delay 10ms 4ms distribution normal",
    options: { kind: "netem", delay: 10, jitter: 4, distribution: "normal" },
    told: { delay: 10, jitter: 4 },
  },
  {
    tc: "netem slot 20ms 40ms packets 10 bytes 20000",
    options: { kind: "netem", slot: { minDelay: 20, maxDelay: 40, packets: 10, bytes: 20000 } },
    told: { slot: { minDelay: 20, maxDelay: 40, packets: 10, bytes: 20000 } },
  },
];

/** A kind is looked for once. */
const skips = new Map<string, false | string>();
for (const { options } of cases) {
  const { kind } = options;
  if (!skips.has(kind)) skips.set(kind, await skipWithoutQdisc(options));
}

function addTo(ns: NetNS, { options }: Case): Promise<unknown> {
  return ns.qdisc.add({ ...options, dev: "lo", handle: "5:" } as QdiscAdd);
}

/** What chance decides anew. */
function withoutSeed<T extends object>(objects: readonly T[]): T[] {
  return objects.map((object) => {
    const { seed: _seed, ...others } = object as { seed?: unknown };
    return others as T;
  });
}

for (const each of cases) {
  const skip = skips.get(each.options.kind)!;

  leakChecked(
    `tc tells the same of ours as of its own: ${each.tc}`,
    { skip },
    () =>
      inTwo(async (ours, theirs) => {
        await addTo(ours, each);
        await tc(theirs, `qdisc add dev lo root handle 5: ${each.tc}`);
        const [told, toldOfTheirs] = await Promise.all(
          [ours, theirs].map(async (ns) => await tcJson(ns, "qdisc show dev lo") as Told[]),
        );
        assert.deepEqual(withoutOptionSeed(told!), withoutOptionSeed(toldOfTheirs!));
      }),
  );

  leakChecked(
    `what tc made is told, and can be made of that again: ${each.tc}`,
    { skip },
    () =>
      inTwo(async (ours, theirs) => {
        await tc(theirs, `qdisc add dev lo root handle 5: ${each.tc}`);
        const [told] = await theirs.qdisc.list({ dev: "lo" });
        const { kind } = each.options;
        const expected = { dev: "lo", kind, handle: "5:", parent: "root", ...each.told };
        assert.deepEqual({ ...told, ...expected }, told);
        await ours.qdisc.add(told!);
        assert.deepEqual(withoutSeed(await ours.qdisc.list({ dev: "lo" })), withoutSeed([told!]));
      }),
  );
}

interface Told {
  options?: { seed?: unknown };
}

function withoutOptionSeed(told: Told[]): Told[] {
  for (const { options } of told) delete options?.seed;
  return told;
}

for (const kind of ["ingress", "clsact"] as const) {
  leakChecked(`${kind} is added, told and removed`, { skip: skipTests }, async () => {
    const ns = NetNS.create();
    try {
      const made = await ns.qdisc.add({ dev: "lo", kind });
      assert.deepEqual([made.kind, made.handle, made.parent], [kind, "ffff:", "ingress"]);
      assert.deepEqual((await ns.qdisc.list({ kind })).length, 1);
      const [told] = await tcJson(ns, "qdisc show dev lo ingress") as { kind: string }[];
      assert.equal(told?.kind, kind);
      await ns.qdisc.del({ dev: "lo", kind });
      assert.deepEqual(await ns.qdisc.list({ kind }), []);
    } finally {
      await ns.close();
    }
  });
}

leakChecked(
  "a qdisc is replaced, changed, listed by link and removed",
  { skip: skipTests },
  async () => {
    const ns = NetNS.create();
    try {
      await ns.link.add({ kind: "veth", name: "v0", up: true, peer: { name: "v1", up: true } });
      const place = { dev: "v0", handle: "7:" };
      await ns.qdisc.replace({ ...place, kind: "pfifo", limit: 5 });
      await ns.qdisc.change({ ...place, kind: "pfifo", limit: 6 });
      await ns.qdisc.add({ dev: "v1", kind: "bfifo", limit: 5000 });
      const [qdisc, ...others] = await ns.qdisc.list({ dev: "v0" });
      assert.deepEqual(others, []);
      assert.deepEqual({ ...qdisc, dev: "v0", kind: "pfifo", limit: 6, handle: "7:" }, qdisc);
      const kinds: string[] = [];
      for await (const { kind } of ns.qdisc.dump()) kinds.push(kind);
      assert.deepEqual(kinds.sort(), ["bfifo", "noqueue", "pfifo"]);
      const index = (await ns.link.get("v1")).index;
      assert.deepEqual((await ns.qdisc.list({ dev: index })).map(({ kind }) => kind), ["bfifo"]);
      await ns.qdisc.del({ dev: "v0" });
      assert.deepEqual((await ns.qdisc.list({ dev: "v0" })).map(({ kind }) => kind), ["noqueue"]);
    } finally {
      await ns.close();
    }
  },
);

leakChecked(
  "a kind without a type here is sent and told as bytes",
  { skip: skipTests },
  async () => {
    const ns = NetNS.create();
    try {
      // The options of pfifo_head_drop as bytes: TCA_OPTIONS with a limit.
      const attributes = [{ type: 2, data: Uint8Array.of(9, 0, 0, 0) }];
      await ns.qdisc.add({ dev: "lo", kind: "pfifo_head_drop", attributes });
      const [told] = await ns.qdisc.list({ dev: "lo", kind: "pfifo_head_drop" });
      assert.deepEqual(told && { ...told, limit: 9 }, told);
    } finally {
      await ns.close();
    }
  },
);

leakChecked("what the kernel refuses is told with its text", { skip: skipTests }, async () => {
  const ns = NetNS.create();
  try {
    const unknown = ns.qdisc.add({ dev: "lo", kind: "nosuch" });
    await assert.rejects(unknown, (error) =>
      isNetNSError(error) && error.code === "ENOENT" &&
      error.message ===
        "qdisc add dev lo nosuch failed with ENOENT: Specified qdisc kind is unknown");
    await ns.qdisc.add({ dev: "lo", kind: "pfifo" });
    await assert.rejects(ns.qdisc.add({ dev: "lo", kind: "pfifo" }), { code: "EEXIST" });
    await assert.rejects(ns.qdisc.del({ dev: "lo", handle: "9:" }), { code: "EINVAL" });
    await assert.rejects(ns.qdisc.add({ dev: "none", kind: "pfifo" }), { code: "ENODEV" });
    const badOptions = [{ type: 2, data: Uint8Array.of(1) }];
    const bad = ns.qdisc.add({ dev: "lo", parent: "root", kind: "htb", attributes: badOptions });
    await assert.rejects(bad, isNetNSError);
  } finally {
    await ns.close();
  }
});
