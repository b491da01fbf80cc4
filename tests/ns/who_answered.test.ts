/**
 * A server at home and one inside listen on the same address and port; the answer tells which one a
 * client reached.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import dgram from "node:dgram";
import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

/** Starts TCP, UDP and HTTP servers at home; returns their ports and how to stop them. */
async function serveAtHome() {
  const tcp = net.createServer((socket) => socket.end("home"));
  const web = http.createServer((_, response) => response.end("home"));
  const udp = dgram.createSocket("udp4");
  udp.on("message", (_, peer) => udp.send("home", peer.port, peer.address));
  tcp.listen(0, "127.0.0.1");
  web.listen(0, "127.0.0.1");
  udp.bind(0, "127.0.0.1");
  await Promise.all([tcp, web, udp].map((server) => once(server, "listening")));
  const ports = {
    tcp: (tcp.address() as AddressInfo).port,
    web: (web.address() as AddressInfo).port,
    udp: udp.address().port,
  };
  const stop = () => {
    tcp.close();
    web.close();
    web.closeAllConnections();
    udp.close();
  };
  return { ports, stop };
}

type Ports = Awaited<ReturnType<typeof serveAtHome>>["ports"];

/** Starts the same servers inside, on the same ports. */
async function serveInside(ports: Ports): Promise<void> {
  const { once } = (await import("node:events")).default;
  const net = await import("node:net");
  const http = await import("node:http");
  const dgram = await import("node:dgram");
  const tcp = net.createServer((socket) => socket.end("inside"));
  const web = http.createServer((_, response) => response.end("inside"));
  const udp = dgram.createSocket("udp4");
  udp.on("message", (_, peer) => udp.send("inside", peer.port, peer.address));
  tcp.listen(ports.tcp, "127.0.0.1");
  web.listen(ports.web, "127.0.0.1");
  udp.bind(ports.udp, "127.0.0.1");
  await Promise.all([once(tcp, "listening"), once(web, "listening"), once(udp, "listening")]);
}

/** Who answers each client that is made where this function runs. */
async function ask(ports: Ports): Promise<Record<string, string>> {
  const { once } = (await import("node:events")).default;
  const net = await import("node:net");
  const http = await import("node:http");
  const dgram = await import("node:dgram");
  const { spawnSync } = await import("node:child_process");
  const { Worker } = await import("node:worker_threads");

  const socket = net.connect(ports.tcp, "127.0.0.1");
  const [tcp] = await once(socket, "data");

  const request = http.get({ host: "127.0.0.1", port: ports.web, agent: false });
  const [response] = await once(request, "response");
  let web = "";
  for await (const chunk of response) web += chunk;

  const datagram = dgram.createSocket("udp4");
  datagram.send("who", ports.udp, "127.0.0.1");
  const [udp] = await once(datagram, "message");
  datagram.close();

  const child = spawnSync("readlink", ["/proc/self/ns/net"]).stdout.toString().trim();

  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     require("node:net").connect(${ports.tcp}, "127.0.0.1")
       .on("data", (data) => parentPort.postMessage(String(data)))
       .on("error", (error) => parentPort.postMessage(error.code));`,
    { eval: true },
  );
  const [nested] = await once(worker, "message");
  await worker.terminate();

  return { tcp: String(tcp), web, udp: String(udp), child, nested };
}

const at = (place: string, namespace: NetNS) => ({
  tcp: place,
  web: place,
  udp: place,
  child: `net:[${namespace.inode}]`,
  nested: place,
});

leakChecked("servers and clients inside and at home never meet", options, async () => {
  const { ports, stop } = await serveAtHome();
  const ns = NetNS.create();
  try {
    await ns.do(serveInside, ports);
    assert.deepEqual(await ns.do(ask, ports), at("inside", ns));
    assert.deepEqual(await ask(ports), at("home", NetNS.home()));
    assert.deepEqual(
      await ns.do((ports, ctx) => ctx.host.do(() => ports.tcp), ports)
        .catch((error) => error.code),
      "ERR_NETNS_CAPTURED_VARIABLE",
    );
    assert.deepEqual(await NetNS.home().do(ask, ports), at("home", NetNS.home()));
    await NetNS.home().close();
  } finally {
    await ns.close({ force: true });
    stop();
  }
  assert.deepEqual(NetNS.audit().filter((thread) => thread.stray), []);
});

leakChecked("without a server inside, a client inside reaches none", options, async () => {
  const { ports, stop } = await serveAtHome();
  const ns = NetNS.create();
  try {
    const code = await ns.do(async (port: number) => {
      const net = await import("node:net");
      return await new Promise((resolve) => {
        net.connect(port, "127.0.0.1")
          .on("error", (error: Error & { code: string }) => resolve(error.code))
          .on("connect", () => resolve("connected"));
      });
    }, ports.tcp);
    assert.equal(code, "ECONNREFUSED");
  } finally {
    await ns.close();
    stop();
  }
});

leakChecked("fetch inside reaches the server inside", options, async () => {
  const { ports, stop } = await serveAtHome();
  const ns = NetNS.create();
  const ask = async (port: number) => await (await fetch(`http://127.0.0.1:${port}/`)).text();
  try {
    await ns.do(serveInside, ports);
    assert.equal(await ns.do(ask, ports.web), "inside");
    assert.equal(await ask(ports.web), "home");
    assert.equal(await (await ns.fetch(`http://127.0.0.1:${ports.web}/`)).text(), "inside");
    assert.equal(await ask(ports.web), "home");
  } finally {
    await ns.close({ force: true });
    stop();
  }
});

leakChecked("what runs inside first does not move what runs at home later", options, async () => {
  // The runtime's shared threads would stay for life where they are first used.
  const ns = NetNS.create();
  await ns.do(async () => {
    const dns = await import("node:dns");
    const fs = await import("node:fs");
    await dns.promises.lookup("localhost").catch(() => {});
    await fs.promises.readFile("/proc/thread-self/comm");
  });
  const { ports, stop } = await serveAtHome();
  try {
    const response = await fetch(`http://localhost:${ports.web}/`);
    assert.equal(await response.text(), "home");
  } finally {
    stop();
    await ns.close();
  }
  assert.deepEqual(NetNS.audit().filter((thread) => thread.stray), []);
});

leakChecked("doSync() makes child processes and threads inside", options, async () => {
  const ns = NetNS.create();
  const child = ns.doSync(() => spawnSync("readlink", ["/proc/self/ns/net"]).stdout.toString());
  assert.equal(child.trim(), `net:[${ns.inode}]`);
  const worker = ns.doSync(() =>
    new Worker(
      `require("node:worker_threads").parentPort.postMessage(
         require("node:fs").readlinkSync("/proc/thread-self/ns/net"))`,
      { eval: true },
    )
  );
  const [where] = await once(worker, "message");
  assert.equal(where, `net:[${ns.inode}]`);
  await worker.terminate();
  await ns.close();
});
