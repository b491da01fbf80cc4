import assert from "node:assert/strict";
import { isNetNSError } from "../../src/errors.ts";
import { NetNS } from "../../mod.ts";
import type { TrafficClassAdd } from "../../src/netlink/tc/qdisc.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { inTwo, skipTests, skipWithoutQdisc, tc } from "../helpers/traffic_control_kinds.ts";

/** A class as tc describes it, as this library does, and what it tells of it besides. */
interface Case {
  readonly tc: string;
  readonly options: Record<string, unknown> & { readonly kind: "htb" | "hfsc" };
  readonly told: Record<string, unknown>;
}

const cases: readonly Case[] = [
  {
    tc: "htb rate 10mbit burst 15k",
    options: { kind: "htb", rate: "10mbit", burst: "15k" },
    told: { rate: 10e6, ceil: 10e6, burst: 15360, cburst: 1600, prio: 0 },
  },
  {
    tc: "htb rate 1mbit ceil 2mbit burst 16k cburst 20k prio 3 quantum 3000",
    options: {
      kind: "htb",
      rate: 1e6,
      ceil: 2e6,
      burst: 16384,
      cburst: 20480,
      prio: 3,
      quantum: 3000,
    },
    told: { rate: 1e6, ceil: 2e6, burst: 16384, cburst: 20480, prio: 3, quantum: 3000, level: 0 },
  },
  {
    tc: "htb rate 40gbit burst 4m cburst 4m quantum 60000",
    options: { kind: "htb", rate: "40gbit", burst: "4m", cburst: "4m", quantum: 60000 },
    told: { rate: 40e9, ceil: 40e9, quantum: 60000 },
  },
  {
    tc: "htb rate 5mbit overhead 24 mpu 64",
    options: { kind: "htb", rate: "5mbit", overhead: 24, mpu: 64 },
    told: { rate: 5e6, overhead: 24 },
  },
  {
    tc: "hfsc sc rate 1mbit ul m1 5mbit d 10ms m2 2mbit",
    options: {
      kind: "hfsc",
      rt: { m2: "1mbit" },
      ls: { m2: "1mbit" },
      ul: { m1: "5mbit", d: 10, m2: "2mbit" },
    },
    told: { ul: { m1: 5e6, d: 10, m2: 2e6 }, rt: { m1: 0, d: 0, m2: 1e6 } },
  },
];

const skips = {
  htb: await skipWithoutQdisc({ kind: "htb" }),
  hfsc: await skipWithoutQdisc({ kind: "hfsc" }),
};

async function makeQdiscs(kind: "htb" | "hfsc", ...namespaces: NetNS[]): Promise<void> {
  for (const ns of namespaces) await ns.qdisc.add({ dev: "lo", handle: "1:", kind });
}

/** What tc tells of the classes; it knows no other form of it. */
async function show(ns: NetNS): Promise<string> {
  const { stdout } = await ns.exec("tc", ["-d", "class", "show", "dev", "lo"]);
  return String(stdout);
}

for (const { tc: command, options, told: expected } of cases) {
  const { kind } = options;
  const skip = skips[kind];

  leakChecked(
    `tc tells the same of our class as of its own: ${command}`,
    { skip },
    () =>
      inTwo(async (ours, theirs) => {
        await makeQdiscs(kind, ours, theirs);
        await ours.class.add({ ...options, dev: "lo", classid: "1:1a" } as TrafficClassAdd);
        await tc(theirs, `class add dev lo parent 1: classid 1:1a ${command}`);
        const [told, toldOfTheirs] = await Promise.all([ours, theirs].map(show));
        assert.equal(told, toldOfTheirs);
        assert.match(told!, /class .* 1:1a/);
      }),
  );

  leakChecked(
    `a class of tc is told, and can be made of that again: ${command}`,
    { skip },
    () =>
      inTwo(async (ours, theirs) => {
        await makeQdiscs(kind, ours, theirs);
        await tc(theirs, `class add dev lo parent 1: classid 1:1a ${command}`);
        const classes = await theirs.class.list({ dev: "lo" });
        const told = classes.find(({ classid }) => classid === "1:1a")!;
        assert.deepEqual({ ...told, dev: "lo", kind, ...expected }, told);
        const { stats: _stats, ...made } = await ours.class.add(told);
        const { stats: _others, ...wanted } = told;
        assert.deepEqual(made, wanted);
      }),
  );
}

leakChecked(
  "classes below classes are added, changed, listed and removed",
  { skip: skipTests },
  async () => {
    const ns = NetNS.create();
    try {
      await makeQdiscs("htb", ns);
      const place = { dev: "lo", kind: "htb" } as const;
      await ns.class.add({ ...place, classid: "1:1", rate: "10mbit" });
      const children = ["1:10", "1:20"].map((classid) =>
        ns.class.add({ ...place, parent: "1:1", classid, rate: "1mbit" })
      );
      await Promise.all(children);
      await ns.class.change({ ...place, parent: "1:1", classid: "1:10", rate: "2mbit" });
      await ns.class.replace({ ...place, parent: "1:1", classid: "1:20", rate: "3mbit" });
      await ns.class.replace({ ...place, parent: "1:1", classid: "1:30", rate: "4mbit" });
      const leaf = await ns.qdisc.add({ dev: "lo", parent: "1:30", handle: "30:", kind: "pfifo" });
      assert.equal(leaf.parent, "1:30");
      const rates: unknown[] = [];
      for await (const each of ns.class.dump({ dev: "lo", parent: "1:" })) {
        assert.ok(each.kind === "htb");
        rates.push([each.classid, each.parent, each.rate, each.leaf]);
      }
      assert.deepEqual(rates.sort(), [
        ["1:1", "root", 10e6, undefined],
        ["1:10", "1:1", 2e6, undefined],
        ["1:20", "1:1", 3e6, undefined],
        ["1:30", "1:1", 4e6, "30:"],
      ]);
      await ns.class.del({ dev: "lo", classid: "1:20" });
      assert.equal((await ns.class.list({ dev: "lo" })).length, 3);
      const inUse = ns.class.del({ dev: "lo", classid: "1:1" });
      await assert.rejects(inUse, (error) => isNetNSError(error) && error.code === "EBUSY");
      const twice = ns.class.add({ ...place, classid: "1:1", rate: "1mbit" });
      await assert.rejects(twice, { code: "EEXIST" });
      await assert.rejects(ns.class.del({ dev: "lo", classid: "1:99" }), { code: "ENOENT" });
      assert.deepEqual(await ns.class.list({ dev: "lo", parent: "2:" }), []);
    } finally {
      await ns.close();
    }
  },
);
