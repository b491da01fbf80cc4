import assert from "node:assert/strict";
import { once } from "node:events";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  skipTests,
  skipWithoutFilter,
  skipWithoutQdisc,
} from "../helpers/traffic_control_kinds.ts";
import { skipAny, skipWithout } from "../helpers/requirements.ts";
import { timeLimit } from "../helpers/time_limit.ts";

const skipTraffic = skipAny(skipTests, skipWithout({ command: "bash" }));

/** Runs with two namespaces that a veth pair joins: 10.0.0.1 is on v0, 10.0.0.2 on v1. */
async function inPair(run: (near: NetNS, far: NetNS) => Promise<void>): Promise<void> {
  const near = NetNS.create();
  const far = NetNS.create();
  try {
    const peer = { name: "v1", up: true, netns: far };
    await near.link.add({ kind: "veth", name: "v0", up: true, peer });
    await near.addr.add({ dev: "v0", address: "10.0.0.1/24" });
    await far.addr.add({ dev: "v1", address: "10.0.0.2/24" });
    await run(near, far);
  } finally {
    await near.close();
    await far.close();
  }
}

/** What is counted, as soon as that is so many: the kernel works on packets after they are sent. */
async function counted(count: number, ask: () => Promise<number | undefined>) {
  const end = performance.now() + timeLimit(10_000);
  let found = await ask();
  while ((found ?? 0) < count && performance.now() < end) found = await ask();
  return found;
}

/** Sends datagrams that nobody waits for. */
async function sendDatagrams(ns: NetNS, address: string, count: number): Promise<void> {
  const script = `for i in $(seq ${count}); do echo > /dev/udp/${address}/9; done`;
  await ns.exec("bash", ["-c", script]);
}

/** Ms that so many bytes take from one namespace to the other. */
async function transferTime(near: NetNS, far: NetNS, bytes: number): Promise<number> {
  const server = near.listen({ port: 8080, host: "10.0.0.1" }, (socket) => {
    socket.end(new Uint8Array(bytes));
  });
  await once(server, "listening");
  const start = performance.now();
  const socket = far.connect({ port: 8080, host: "10.0.0.1" });
  let received = 0;
  socket.on("data", (data) => received += data.byteLength);
  await once(socket, "end");
  const time = performance.now() - start;
  assert.equal(received, bytes);
  socket.destroy();
  server.close();
  await once(server, "close");
  return time;
}

leakChecked(
  "tbf slows down what a link sends",
  { skip: skipTests },
  () =>
    inPair(async (near, far) => {
      const bytes = 200_000;
      const free = Math.min(
        await transferTime(near, far, bytes),
        await transferTime(near, far, bytes),
        await transferTime(near, far, bytes),
      );
      const shape = { kind: "tbf", rate: "1mbit", burst: "5k", latency: "400ms" } as const;
      await near.qdisc.add({ dev: "v0", ...shape });
      const shaped = await transferTime(near, far, bytes);
      assert.ok(shaped > 3 * free, `${shaped} ms with tbf, ${free} ms without`);
      const [qdisc] = await near.qdisc.list({ dev: "v0" });
      assert.ok(qdisc!.stats.bytes > bytes, `${qdisc!.stats.bytes} bytes`);
      assert.ok(qdisc!.stats.overlimits > 0, `${qdisc!.stats.overlimits} overlimits`);
    }),
);

leakChecked(
  "a filter puts packets into classes of htb",
  { skip: skipTraffic },
  () =>
    inPair(async (near) => {
      const place = { dev: "v0", kind: "htb" } as const;
      await near.qdisc.add({ ...place, handle: "1:", default: "20" });
      for (const classid of ["1:10", "1:20"]) {
        await near.class.add({ ...place, classid, rate: "100mbit" });
      }
      await near.filter.add({
        dev: "v0",
        parent: "1:",
        protocol: "ip",
        kind: "u32",
        match: [{ ip: { dst: "10.0.0.2", protocol: "udp", dport: 9 } }],
        classid: "1:10",
      });
      await sendDatagrams(near, "10.0.0.2", 7);
      const packets = async () => {
        const classes = await near.class.list({ dev: "v0" });
        return classes.find(({ classid }) => classid === "1:10")?.stats.packets;
      };
      assert.equal(await counted(7, packets), 7);
    }),
);

leakChecked(
  "what comes in is redirected to an ifb and counted",
  { skip: skipTraffic },
  () =>
    inPair(async (near, far) => {
      await far.link.add({ kind: "ifb", name: "ifb0", up: true });
      await far.qdisc.add({ dev: "v1", kind: "ingress" });
      const filter = await far.filter.add({
        dev: "v1",
        parent: "ffff:",
        protocol: "ip",
        kind: "u32",
        match: [{ ip: { protocol: "udp" } }],
        actions: [{ kind: "mirred", action: "redirect", dev: "ifb0" }],
      });
      await sendDatagrams(near, "10.0.0.2", 20);
      const sent = async () => (await far.link.stats("ifb0")).txPackets;
      assert.equal(await counted(20, sent), 20);
      const [told] = await far.filter.list({ dev: "v1", parent: "ffff:", pref: filter.pref })
        .then((filters) => filters.filter(({ handle }) => handle === filter.handle));
      assert.ok(told?.kind === "u32");
      assert.equal(told.actions?.[0]?.stats?.packets, 20);
    }),
);

leakChecked(
  "netem that loses everything lets nothing through",
  { skip: skipAny(skipTraffic, await skipWithoutQdisc({ kind: "netem" })) },
  () =>
    inPair(async (near, far) => {
      await sendDatagrams(near, "10.0.0.2", 1);
      await near.qdisc.add({ dev: "v0", kind: "netem", loss: 100 });
      // From now on: the kernel sends packets of IPv6 by itself, too.
      const before = (await far.link.stats("v1")).rxPackets;
      await sendDatagrams(near, "10.0.0.2", 20);
      assert.equal((await far.link.stats("v1")).rxPackets, before);
      const [qdisc] = await near.qdisc.list({ dev: "v0" });
      assert.ok(qdisc!.stats.drops >= 20, `${qdisc!.stats.drops} drops`);
    }),
);

leakChecked(
  "matchall with drop lets nothing in",
  { skip: skipAny(skipTraffic, await skipWithoutFilter("matchall")) },
  () =>
    inPair(async (near, far) => {
      await far.qdisc.add({ dev: "v1", kind: "clsact" });
      const actions = [{ kind: "gact", controlAction: "drop" }] as const;
      const filter = { dev: "v1", parent: "ingress", protocol: "ip", kind: "matchall" } as const;
      await far.filter.add({ ...filter, actions: [...actions] });
      await sendDatagrams(near, "10.0.0.2", 10);
      const drops = async () => {
        const [told] = await far.filter.list({ dev: "v1", parent: "ingress" });
        assert.ok(told?.kind === "matchall");
        return told.actions?.[0]?.stats?.drops;
      };
      assert.equal(await counted(10, drops), 10);
    }),
);
