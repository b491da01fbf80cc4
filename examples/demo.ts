/**
 * The main job, step by step: make a network namespace, run code and commands in it, and leave
 * nothing behind. `npm run demo` runs it; as root, also `deno run -A examples/demo.ts` and
 * `bun examples/demo.ts`.
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import process from "node:process";
import { isNetNSError, isSupported, NetNS } from "../mod.ts";

let failures = 0;

/** Prints what was expected and what was seen, and remembers a difference. */
function step(what: string, expected: string, seen: string): void {
  const ok = expected === seen;
  if (!ok) failures++;
  console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
  console.log(`       expected: ${expected}`);
  console.log(`       seen:     ${seen}`);
}

/** Fetches a page from where this function runs, or gives the error's code. */
function get(port: number): Promise<string> {
  return new Promise((resolve) => {
    http.get({ host: "127.0.0.1", port, agent: false }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(body);
    }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

function networkOf(path: string): string {
  return fs.readlinkSync(path);
}

async function createAndServe(): Promise<void> {
  const origin = NetNS.current();
  const ns = NetNS.create();
  try {
    step("create a namespace; this thread stays where it was", "same", samePlace(origin));

    const outside = Object.keys(os.networkInterfaces()).sort().join(" ");
    const inside = ns.doSync(() => Object.keys(os.networkInterfaces()).sort().join(" "));
    step(`list its interfaces (here: ${outside})`, "lo", inside);

    const port = await ns.do(async () => {
      const { createServer } = await import("node:http");
      const server = createServer((_, response) => response.end("hello from inside"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as { port: number }).port;
    });
    step("serve HTTP inside, on a port of its own", "a port", port > 0 ? "a port" : String(port));

    const fromInside = await ns.do(async (port: number) => {
      const { get } = await import("node:http");
      const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
        get({ host: "127.0.0.1", port, agent: false }, resolve).on("error", reject);
      });
      let body = "";
      for await (const chunk of response) body += chunk;
      return body;
    }, port);
    step("fetch the page from inside", "hello from inside", fromInside);
    step("fetch the page from here", "ECONNREFUSED", await get(port));

    const { stdout } = await ns.exec("cat", ["/proc/net/dev"]);
    const devices = stdout.split("\n").slice(2).filter(Boolean)
      .map((line) => line.split(":")[0]!.trim());
    step("run a command inside: cat /proc/net/dev", "lo", devices.sort().join(" "));
  } finally {
    await ns.close();
  }
  step("close the namespace; this thread is where it was", "same", samePlace(origin));
  await origin.close();
}

function samePlace(origin: NetNS): string {
  const now = NetNS.current();
  const same = now.equals(origin);
  now.close();
  return same ? "same" : "another namespace";
}

/** Enters a namespace that iproute2 made. */
async function enterNamed(): Promise<void> {
  const name = `netns-demo-${process.pid}`;
  if (spawnSync("ip", ["netns", "add", name]).status !== 0) {
    console.log("skip enter a namespace of `ip netns add`: iproute2 is not there");
    return;
  }
  const ns = NetNS.fromName(name);
  try {
    const names = await ns.do(async () => {
      const { networkInterfaces } = await import("node:os");
      const { spawnSync } = await import("node:child_process");
      return [
        networkInterfaces().lo ? "lo up" : "lo down",
        spawnSync("ip", ["netns", "identify"])
          .stdout.toString().trim(),
      ].join(", ");
    });
    step("enter a namespace that `ip netns add` made", `lo down, ${name}`, names);
  } finally {
    await ns.close();
    NetNS.delete(name);
  }
  const left = NetNS.list().some((entry) => entry.name === name);
  step("delete its name", "gone", left ? "still there" : "gone");
}

/** Two hosts with a switch between them, which is a third namespace. */
async function joinByBridge(): Promise<void> {
  const [left, middle, right] = [NetNS.create(), NetNS.create(), NetNS.create()];
  try {
    await middle.link.add({ kind: "bridge", name: "br0", up: true });
    await middle.addr.add({ dev: "br0", address: "10.77.0.254/24" });
    for (const [host, address, port] of [[left, 1, "left"], [right, 2, "right"]] as const) {
      await middle.link.add({
        kind: "veth",
        name: port,
        master: "br0",
        up: true,
        peer: { name: "eth0", netns: host, up: true },
      });
      await host.addr.add({ dev: "eth0", address: `10.77.0.${address}/24` });
      await host.route.add({ dst: "default", via: "10.77.0.254" });
    }
    const ports = await middle.link.list({ master: "br0" });
    const names = ports.map(({ name }) => name).sort().join(" ");
    step("join two namespaces by a bridge in a third", "left right", names);

    const { via, dev } = await left.route.get("192.0.2.1");
    step("route everything else to the bridge", "10.77.0.254 eth0", `${via} ${dev}`);

    const before = (await left.link.stats("eth0")).rxBytes;
    await right.do(async () => {
      const { createServer } = await import("node:http");
      const server = createServer((_, response) => response.end("hello across the bridge"));
      await new Promise<void>((resolve) => server.listen(80, "10.77.0.2", resolve));
    });
    const page = await left.do(async () => {
      const { get } = await import("node:http");
      const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
        get({ host: "10.77.0.2", agent: false }, resolve).on("error", reject);
      });
      let body = "";
      for await (const chunk of response) body += chunk;
      return body;
    });
    step("fetch a page from the one in the other", "hello across the bridge", page);
    const after = (await left.link.stats("eth0")).rxBytes;
    console.log(`     eth0 of the one received ${before} bytes before, ${after} after`);
    step("see it in the counters of the link", "more", after > before ? "more" : "the same");
    await ping(left, "10.77.0.2");
  } finally {
    await Promise.all([left.close(), middle.close(), right.close()]);
  }
}

async function ping(from: NetNS, address: string): Promise<void> {
  try {
    const { stdout } = await from.exec("ping", ["-c", "1", "-W", "5", address]);
    step("ping the other", "1 received", /1 received/.exec(stdout)?.[0] ?? stdout);
  } catch (error) {
    if (!isNetNSError(error) || !["ENOENT", "EACCES"].includes(error.code)) throw error;
    console.log("skip ping the other: ping is not there, or this user may not execute it");
  }
}

function nothingLeft(): void {
  const home = networkOf("/proc/self/ns/net");
  const strays = NetNS.audit().filter((thread) => thread.stray);
  const kinds = fs.readdirSync("/proc/self/fd").map((fd) => {
    try {
      return networkOf(`/proc/self/fd/${fd}`);
    } catch {
      return "closed meanwhile";
    }
  });
  const others = kinds.filter((target) => target.startsWith("net:[") && target !== home);
  step(
    "leave nothing behind",
    "0 threads, 0 descriptors of other namespaces",
    [
      `${strays.length} threads`,
      `${others.length} descriptors of other namespaces`,
    ].join(", "),
  );
}

const support = isSupported();
if (!support.ok) {
  console.error(`${support.reason}\n${support.hint}`);
  process.exit(1);
}
try {
  await createAndServe();
  await enterNamed();
  await joinByBridge();
  nothingLeft();
} catch (error) {
  if (!isNetNSError(error)) throw error;
  failures++;
  console.error(`FAIL ${error.message}\n     ${error.hint ?? ""}`);
}
console.log(failures === 0 ? "all as expected" : `${failures} not as expected`);
process.exitCode = failures === 0 ? 0 : 1;
