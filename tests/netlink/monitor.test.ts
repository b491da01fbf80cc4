import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { MonitorChange, MonitorEvent } from "../../mod.ts";
import { NetNS } from "../../mod.ts";
import { collectGarbage } from "../helpers/garbage.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { openSockets } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { timeLimit } from "../helpers/time_limit.ts";
import { skipWithoutQdisc } from "../helpers/traffic_control_kinds.ts";
import { runScript } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged(), timeout: 120_000 };
const tcOptions = { ...options, skip: await skipWithoutQdisc({ kind: "htb" }) };
const ended = { done: true, value: undefined };

const endOfProcess = new URL("../fixtures/monitor_end.ts", import.meta.url);

/** How a process with a monitor may end. */
const endings = {
  "ends while it is idle": { stdout: "idle", exitCode: 0, signal: null },
  "ends while none was asked for": { stdout: "never asked", exitCode: 0, signal: null },
  "stays alive for a pending call": { stdout: "told", exitCode: 0, signal: null },
  "exits while it is waited for": { stdout: "exits", exitCode: 7, signal: null },
  "fails while it is waited for": { stdout: "fails", exitCode: 1, signal: null },
  "is interrupted while it is waited for": { stdout: "waits", exitCode: null, signal: "SIGINT" },
  "terminates the Worker that waits for it": { stdout: "terminated", exitCode: 0, signal: null },
  "has a Worker that ends while it is idle": { stdout: "ended", exitCode: 0, signal: null },
};

/** The next events until one fits, in order; a loss is none that is expected. */
async function until(
  events: AsyncIterator<MonitorEvent>,
  fits: (event: MonitorChange) => boolean,
): Promise<MonitorChange[]> {
  const seen: MonitorChange[] = [];
  for (;;) {
    const { done, value } = await events.next();
    assert.ok(!done && value.type !== "overrun", JSON.stringify(value));
    seen.push(value);
    if (fits(value)) return seen;
  }
}

function pollThreads(): number {
  return NetNS.audit().filter(({ owner }) => owner === "poll thread").length;
}

/** Waits until there are so many: threads start and end a while after the call. */
async function pollThreadsBecome(count: number): Promise<void> {
  const end = performance.now() + timeLimit(10_000);
  while (pollThreads() !== count && performance.now() < end) await delay(25);
  assert.equal(pollThreads(), count);
}

leakChecked(
  "links are told of as they are made, changed, renamed and removed",
  options,
  async () => {
    const ns = NetNS.create();
    const events = ns.monitor({ groups: ["link"] });
    await ns.link.add({ kind: "ifb", name: "before" });
    await ns.link.set("before", { up: true });
    await ns.link.set("before", { up: false });
    await ns.link.set("before", { name: "after" }); // Before Linux 6.2 only what is down.
    await ns.link.del("after");
    const seen = await until(events, ({ type }) => type === "del");
    const told = seen.map((event) =>
      event.group === "link" && `${event.type} ${event.link.name} ${event.link.up ? "up" : "down"}`
    );
    const first = ["new before down", "new before up"];
    assert.deepEqual(told.filter((one) => first.includes(String(one))).slice(0, 2), first);
    assert.ok(told.includes("new after down"), told.join());
    assert.match(String(told.at(-1)), /^del after/);
    for (const event of seen) assert.equal(event.group === "link" && event.link.kind, "ifb");
    await events.return!();
    await ns.close();
  },
);

leakChecked("events are waited for", options, async () => {
  const ns = NetNS.create();
  const events = ns.monitor({ groups: ["link"] });
  for (const name of ["first", "second", "third"]) {
    const next = events.next();
    await delay(20);
    await ns.link.add({ kind: "ifb", name });
    const { value } = await next;
    assert.equal(value?.group === "link" && value.link.name, name);
    await ns.link.del(name);
    await until(events, ({ type }) => type === "del");
  }
  await events.return!();
  await ns.close();
});

leakChecked("each object is told in the member that its group is called", options, async () => {
  const ns = NetNS.create();
  await ns.link.add({ kind: "ifb", name: "eth0", up: true });
  const events = ns.monitor({ groups: ["addr", "route", "rule", "neigh"] });
  await ns.addr.add({ dev: "eth0", address: "10.0.0.1/24" });
  await ns.route.add({ dst: "10.9.0.0/16", via: "10.0.0.2" });
  await ns.rule.add({ from: "10.1.0.0/16", table: 1000, priority: 100 });
  await ns.neigh.add({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
  await ns.neigh.del({ dst: "10.0.0.9", dev: "eth0" });
  await ns.rule.del({ from: "10.1.0.0/16", table: 1000, priority: 100 });
  await ns.route.del({ dst: "10.9.0.0/16", via: "10.0.0.2" });
  await ns.addr.del({ dev: "eth0", address: "10.0.0.1/24" });
  const told = [];
  for await (const event of events) {
    switch (event.group) {
      case "addr":
        if (event.addr.family === "inet") told.push(`${event.type} ${event.addr.address}`);
        break;
      case "route":
        if (event.route.dst === "10.9.0.0/16") told.push(`${event.type} via ${event.route.via}`);
        break;
      case "rule":
        told.push(`${event.type} rule ${event.rule.priority}`);
        break;
      case "neigh":
        if (event.neigh.family === "inet") told.push(`${event.type} ${event.neigh.dst}`);
        break;
      default:
        assert.fail("a loss");
    }
    if (told.at(-1) === "del 10.0.0.1/24") break;
  }
  assert.deepEqual([...new Set(told)], [
    "new 10.0.0.1/24",
    "new via 10.0.0.2",
    "new rule 100",
    "new 10.0.0.9",
    "del 10.0.0.9",
    "del rule 100",
    "del via 10.0.0.2",
    "del 10.0.0.1/24",
  ]);
  await ns.close();
});

leakChecked("traffic control and ids of namespaces are told, too", tcOptions, async () => {
  const ns = NetNS.create();
  const other = NetNS.create();
  const events = ns.monitor({ groups: ["qdisc", "class", "filter", "nsid"] });
  const dev = "lo";
  await ns.qdisc.add({ dev, kind: "htb", handle: "1:" });
  await ns.class.add({ dev, kind: "htb", classid: "1:1", rate: "1mbit" });
  await ns.filter.add({
    dev,
    parent: "1:",
    kind: "u32",
    pref: 5,
    match: [{ ip: { dport: 80 } }],
    classid: "1:1",
  });
  const nsid = await ns.nsid.set(other, "auto");
  await ns.qdisc.del({ dev });
  await other.close();
  const seen = await until(events, ({ type, group }) => type === "del" && group === "nsid");
  const told = seen.map((event) => {
    switch (event.group) {
      case "qdisc":
        return `${event.type} ${event.qdisc.kind} ${event.qdisc.dev}`;
      case "class":
        return `${event.type} ${event.class.classid}`;
      case "filter":
        return `${event.type} ${event.filter.pref}`;
      case "nsid":
        return `${event.type} nsid ${event.nsid === nsid}`;
    }
  });
  const all = ["del noqueue lo", "new htb lo", "new 1:1", "new 5", "new nsid true", "del htb lo"];
  assert.deepEqual(all.filter((one) => told.includes(one)), all);
  assert.equal(told.at(-1), "del nsid true");
  await events.return!();
  await ns.close();
});

leakChecked(
  "what a monitor tells has the names that links had then",
  options,
  async () => {
    const ns = NetNS.create();
    const all = ns.monitor({ groups: ["link", "addr"] });
    const addresses = ns.monitor({ groups: ["addr"] });
    await ns.link.add({ kind: "ifb", name: "old" });
    await ns.addr.add({ dev: "old", address: "10.0.0.1/24" });
    await ns.link.set("old", { name: "new" });
    await ns.addr.add({ dev: "new", address: "10.0.0.2/24" });
    await ns.link.del("new");
    const devs = (events: MonitorEvent[]) =>
      events.flatMap((event) => event.group === "addr" ? [event.addr.dev] : []);
    const isEnd = ({ type, group }: MonitorChange) => type === "del" && group === "link";
    const isRemoval = (event: MonitorChange) =>
      event.type === "del" && event.group === "addr" && event.addr.address === "10.0.0.2/24";
    for (const seen of [devs(await until(all, isEnd)), devs(await until(addresses, isRemoval))]) {
      assert.deepEqual(seen.slice(0, 2), ["old", "new"]);
      assert.deepEqual([...new Set(seen.slice(2))], ["new"]);
    }
    await all.return!();
    await addresses.return!();
    await ns.close();
  },
);

leakChecked(
  "a port that leaves its bridge is a change of a link, not its end",
  options,
  async () => {
    const ns = NetNS.create();
    await ns.link.add({ kind: "bridge", name: "br0" });
    await ns.link.add({ kind: "ifb", name: "port" });
    const events = ns.monitor({ groups: ["link", "fdb"] });
    await ns.link.set("port", { master: "br0", up: true });
    await ns.link.set("port", { master: null });
    await ns.link.del("port");
    const seen = await until(events, ({ type, group }) => type === "del" && group === "link");
    const masters = seen.flatMap((event) =>
      event.group === "link" && event.link.name === "port" ? [event.link.master] : []
    );
    assert.ok(masters.includes("br0"), masters.join());
    assert.equal(masters.at(-1), undefined);
    const last = seen.at(-1)!;
    assert.equal(last.group === "link" && last.link.name, "port");
    assert.ok(seen.some(({ group }) => group === "fdb"));
    await events.return!();
    await ns.close();
  },
);

leakChecked("2000 events in a burst keep their order", options, async () => {
  const ns = NetNS.create();
  const events = ns.monitor({ groups: ["addr"], rcvbuf: 16 * 2 ** 20 });
  const addresses = Array.from({ length: 2000 }, (_, i) => `10.0.${i >> 8}.${i & 255}/32`);
  await Promise.all(addresses.map((address) => ns.addr.add({ dev: "lo", address })));
  const told: string[] = [];
  for await (const event of events) {
    assert.equal(event.group, "addr");
    if (event.group === "addr") told.push(event.addr.address);
    if (told.length === addresses.length) break;
  }
  assert.deepEqual(told, addresses);
  await ns.close();
});

leakChecked("a loss is told between what was before it and what came after", options, async () => {
  const ns = NetNS.create();
  const events = ns.monitor({ groups: ["addr"], rcvbuf: 4096 });
  const addresses = Array.from({ length: 200 }, (_, i) => `10.0.0.${i}/32`);
  await Promise.all(addresses.map((address) => ns.addr.add({ dev: "lo", address })));
  const told: string[] = [];
  for await (const event of events) {
    if (event.type === "overrun") break;
    told.push(event.addr.address);
  }
  assert.ok(told.length > 0 && told.length < addresses.length, `${told.length}`);
  assert.deepEqual(told, addresses.slice(0, told.length));
  await ns.close();
});

leakChecked("a monitor goes on after a loss", options, async () => {
  const ns = NetNS.create();
  const events = ns.monitor({ groups: ["addr"], rcvbuf: 4096 });
  for (let round = 0; round < 3; round++) {
    const addresses = Array.from({ length: 100 }, (_, i) => `10.0.${round}.${i}/32`);
    await Promise.all(addresses.map((address) => ns.addr.add({ dev: "lo", address })));
    while ((await events.next()).value?.type !== "overrun");
    await ns.addr.add({ dev: "lo", address: `10.1.${round}.1/32` });
    const { value } = await events.next();
    assert.equal(value?.group === "addr" && value.addr.address, `10.1.${round}.1/32`);
  }
  await events.return!();
  await ns.close();
});

leakChecked("50 monitors share one thread, which is at home", options, async () => {
  const namespaces = [NetNS.create(), NetNS.create()] as const;
  const [one, two] = namespaces;
  const monitors = one.doSync(() =>
    Array.from({ length: 50 }, (_, i) => namespaces[i & 1]!.monitor({ groups: ["link"] }))
  );
  const next = one.doSync(() => monitors.map((monitor) => monitor.next()));
  await one.link.add({ kind: "ifb", name: "in0" });
  await two.link.add({ kind: "ifb", name: "in1" });
  const names = (await Promise.all(next)).map(({ value }) =>
    value?.group === "link" && value.link.name
  );
  assert.deepEqual(names, monitors.map((_, i) => `in${i & 1}`));
  const [last, ...others] = monitors;
  const pending = monitors.map((monitor) => monitor.next());
  await pollThreadsBecome(1);
  assert.deepEqual(NetNS.audit().filter(({ stray }) => stray), []);
  await Promise.all(others.map((monitor) => monitor.return!()));
  // A call on a busy machine lets others have their turn before it waits.
  await pollThreadsBecome(1);
  await last!.return!();
  assert.equal(pollThreads(), 0);
  assert.deepEqual(await Promise.all(pending), monitors.map(() => ended));
  await Promise.all(namespaces.map((ns) => ns.close()));
});

leakChecked("concurrent calls are answered in order, and all by the end", options, async () => {
  const ns = NetNS.create();
  const events = ns.monitor({ groups: ["link"] });
  const calls = Array.from({ length: 4 }, () => events.next());
  for (const name of ["a", "b"]) await ns.link.add({ kind: "ifb", name });
  const names = (await Promise.all(calls.slice(0, 2))).map(({ value }) =>
    value?.group === "link" && value.link.name
  );
  assert.deepEqual(names, ["a", "b"]);
  assert.deepEqual(await events.return!(), ended);
  assert.deepEqual(await Promise.all(calls.slice(2)), [ended, ended]);
  assert.deepEqual(await events.next(), ended);
  await assert.rejects(events.throw!(new RangeError("thrown in")), RangeError);
  const disposed = ns.monitor();
  const never = disposed.next();
  await disposed[Symbol.asyncDispose]();
  assert.deepEqual(await never, ended);
  await ns.close();
});

leakChecked("a signal ends a loop, also one that is aborted before", options, async () => {
  const ns = NetNS.create();
  const before = openSockets();
  const aborted = ns.monitor({ signal: AbortSignal.abort() });
  for await (const _ of aborted) assert.fail("an event");
  await aborted[Symbol.asyncDispose]();
  assert.equal(openSockets(), before);
  const controller = new AbortController();
  const running = ns.monitor({ signal: controller.signal });
  const loop = (async () => {
    for await (const _ of running);
    return "ended";
  })();
  await delay(50);
  controller.abort();
  assert.equal(await loop, "ended");
  await ns.close();
});

leakChecked("closing the handle ends loops with ERR_NETNS_CLOSED", options, async () => {
  const ns = NetNS.create();
  const waiting = ns.monitor();
  const idle = ns.monitor();
  const calls = [waiting.next(), waiting.next()];
  const closed = ns.close();
  await assert.rejects(calls[0]!, { code: "ERR_NETNS_CLOSED" });
  assert.deepEqual(await calls[1], ended);
  await closed;
  assert.equal(pollThreads(), 0);
  await assert.rejects(idle.next(), { code: "ERR_NETNS_CLOSED" });
  assert.deepEqual(await idle.next(), ended);
  assert.throws(() => ns.monitor(), { code: "ERR_NETNS_CLOSED" });
});

leakChecked("monitors inside ask the main thread", options, async () => {
  const ns = NetNS.create();
  const other = NetNS.create();
  const names = await ns.do(async (other, ctx) => {
    const names: string[] = [];
    for (const ns of [ctx.ns, other]) {
      const events = ns.monitor({ groups: ["link"] });
      await ns.link.add({ kind: "ifb", name: "inside" });
      for await (const event of events) {
        if (event.type !== "overrun") names.push(event.link.name);
        break;
      }
    }
    const controller = new AbortController();
    const events = ctx.ns.monitor({ signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    for await (const _ of events) names.push("an event");
    for await (const _ of ctx.ns.monitor({ signal: controller.signal })) names.push("an event");
    const idle = ctx.ns.monitor();
    const pending = idle.next();
    await idle.return!();
    if ((await pending).done) names.push("ended");
    const disposed = ctx.ns.monitor();
    const never = disposed.next();
    await disposed[Symbol.asyncDispose]();
    if ((await never).done) names.push("disposed");
    return names;
  }, other);
  assert.deepEqual(names, ["inside", "inside", "ended", "disposed"]);
  await pollThreadsBecome(0); // Who aborts does not wait for it.
  await other.close();
  await ns.close();
});

leakChecked("a thread that dies takes its monitors with it", options, async () => {
  const ns = NetNS.create();
  const died = ns.do(async (ctx) => {
    const events = ctx.host.monitor({ groups: ["link"] });
    const next = events.next();
    await ctx.host.getNsid();
    setTimeout(() => process.exit(1), 50);
    await next;
  });
  await assert.rejects(died, { code: "ERR_NETNS_THREAD_EXITED" });
  await pollThreadsBecome(0);
  await ns.close();
});

leakChecked("a monitor that nobody iterates over any more is garbage", options, async () => {
  const ns = NetNS.create();
  const { signal } = new AbortController();
  const sockets = openSockets();
  await (async () => {
    const events = ns.monitor({ groups: ["link"], signal });
    const next = events.next();
    await delay(50);
    await ns.link.add({ kind: "ifb", name: "ifb" });
    await next;
  })();
  const end = performance.now() + timeLimit(10_000);
  while (openSockets() > sockets + 1 && performance.now() < end) {
    collectGarbage();
    await delay(25);
  }
  await pollThreadsBecome(0);
  await ns.close();
});

for (const [how, outcome] of Object.entries(endings)) {
  leakChecked(`a process with a monitor ${how}`, options, async () => {
    const { stdout, stderr, exitCode, signal } = await runScript(endOfProcess, { args: [how] });
    assert.deepEqual({ stdout: stdout.trim(), exitCode, signal }, outcome, stderr);
  });
}

leakChecked("what no monitor knows is refused before any system call", options, async () => {
  const ns = NetNS.create();
  const refused = (bad: unknown) => () => ns.monitor(bad as object);
  assert.throws(refused({ groups: "link" }), /options\.groups must be an array/);
  assert.throws(refused({ groups: [] }), RangeError);
  assert.throws(
    refused({ groups: ["link", "linc"] }),
    /options\.groups\[1\] must be one of "link"/,
  );
  assert.throws(refused({ signal: {} }), /options\.signal must be an AbortSignal/);
  assert.throws(refused({ rcvbuf: 0.5 }), /options\.rcvbuf must be an integer/);
  assert.throws(refused({ group: ["link"] }), /options\.group is not an option/);
  await ns.close();
});
