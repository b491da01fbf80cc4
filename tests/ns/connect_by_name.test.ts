/**
 * `ns.connect()` with the name of a host. Names have other addresses at home, and servers at home
 * listen on the same ports.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { dnsServer, serveDns } from "../helpers/dns_server.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { openSockets } from "../helpers/process_state.ts";
import { skipAny, skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { closed, listenHome, readAll } from "../helpers/sockets.ts";

const options = { skip: skipUnlessPrivileged() };
const dns = `127.87.${process.pid >> 8 & 255}.${process.pid & 255}`;

const table = {
  "who.test": { addresses: ["127.0.0.22"] },
  "many.test": { addresses: ["127.0.0.23", "192.0.2.1", "127.0.0.22"] },
  "six.test": { addresses: ["::1"] },
  "silent.test": "drop",
} as const;

/** A namespace with a DNS server, and a server on a port where one is at home too. */
async function withServers(run: (ns: NetNS, port: number) => Promise<void>): Promise<void> {
  const home = await listenHome();
  const ns = NetNS.create({ dns: { servers: [dns], timeout: 2000, attempts: 1 } });
  const server = ns.listen({ port: home.port, host: "127.0.0.22" }, (socket) => {
    socket.resume().end("ns");
  });
  try {
    await ns.do(serveDns, table, dns, 53);
    await run(ns, home.port);
  } finally {
    await closed(server);
    await closed(home.server);
    await ns.close({ force: true });
  }
}

leakChecked("a name is looked up inside", options, () =>
  withServers(async (ns, port) => {
    await serveDns({ "who.test": { addresses: ["127.0.0.1"] } }, dns, 53);
    try {
      const socket = ns.connect({ port, host: "who.test" });
      assert.deepEqual([socket.connecting, socket.readyState], [true, "opening"]);
      socket.write("before it is connected");
      let address: string | undefined;
      socket.on("connect", () => address = `${socket.connecting} ${socket.remoteAddress}`);
      assert.equal(await readAll(socket), "ns");
      assert.equal(address, "false 127.0.0.22");
      assert.deepEqual(dnsServer(dns).questions, []);
    } finally {
      dnsServer(dns).close();
    }
  }));

leakChecked(
  "its addresses are tried one after the other",
  options,
  () =>
    withServers(async (ns, port) => {
      assert.equal(await readAll(ns.connect({ port, host: "many.test" })), "ns");
      const six = ns.listen({ port, host: "::1" }, (socket) => {
        socket.resume().end("six");
      });
      assert.equal(await readAll(ns.connect({ port, host: "six.test" })), "six");
      await closed(six);
    }),
);

leakChecked(
  "data comes and goes over it in both directions",
  options,
  () =>
    withServers(async (ns) => {
      const server = ns.listen({ port: 7777 }, (socket) => socket.pipe(socket));
      const socket = ns.connect({ port: 7777, host: "who.test" });
      socket.setNoDelay(true);
      socket.write("first ");
      socket.end("x".repeat(1_000_000));
      assert.equal(await readAll(socket), `first ${"x".repeat(1_000_000)}`);
      await closed(server);
    }),
);

leakChecked(
  "a name that is not there, and a host that refuses, give their errors",
  options,
  () =>
    withServers(async (ns) => {
      const nowhere = ns.connect({ port: 80, host: "nowhere.test" });
      const [unknown] = await once(nowhere, "error");
      assert.deepEqual([unknown.code, unknown.syscall], ["ENOTFOUND", "getaddrinfo"]);
      const [refused] = await once(ns.connect({ port: 81, host: "who.test" }), "error");
      assert.equal(refused.message, "connect ECONNREFUSED 127.0.0.22:81");
      assert.equal(nowhere.destroyed, true);
    }),
);

leakChecked(
  "abortion, timeout and destroy() end it while the name is looked up",
  options,
  () =>
    withServers(async (ns, port) => {
      const host = "silent.test";
      const before = openSockets();
      const aborted = ns.connect({ port, host, signal: AbortSignal.timeout(50) });
      const [abortion] = await once(aborted, "error");
      assert.equal(abortion.name, "AbortError");
      const [late] = await once(ns.connect({ port, host, timeout: 50 }), "error");
      assert.equal(late.message, `connect ETIMEDOUT silent.test:${port}`);
      const destroyed = ns.connect({ port, host });
      destroyed.on("error", () => assert.fail("it has no error"));
      destroyed.destroy();
      await once(destroyed, "close");
      assert.ok(openSockets() >= before); // The questions of the thread are still open.
    }),
);

leakChecked(
  "closing the handle ends it while the name is looked up",
  options,
  () =>
    withServers(async (ns, port) => {
      const socket = ns.connect({ port, host: "silent.test" });
      const failed = once(socket, "error");
      await ns.close({ force: true });
      const [error] = await failed;
      assert.equal(error.code, "ERR_NETNS_CLOSED");
    }),
);

leakChecked("in Deno, a name needs --allow-net and says so", {
  skip: skipAny(
    options.skip,
    skipOn(["node-koffi", "node-ffi", "bun"], "only Deno has permissions"),
  ),
}, async () => {
  const fixture = new URL("../fixtures/connect_without_permission.ts", import.meta.url);
  const { stdout } = await runScript(fixture, { flags: ["--allow-ffi", "--no-prompt"] });
  assert.match(stdout, /^EPERM Cannot look up "name\.test": .*--allow-net/);
});
