import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { Socket } from "node:net";
import { execInside } from "../../src/exec.ts";
import type { Namespace } from "../../src/namespace.ts";
import { home } from "../../src/position.ts";
import type { ConnectOptions } from "../../src/sockets/connect.ts";
import { listenInside } from "../../src/sockets/listen.ts";
import { spawnInside } from "../../src/spawn.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { openSockets } from "../helpers/process_state.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { closed, connectInside, listenHome, readAll } from "../helpers/sockets.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const privileged = { skip: skipUnlessPrivileged() };
const withIp = { skip: skipAny(skipUnlessPrivileged(), skipWithout({ command: "ip" })) };

/** Names of the events of a socket, as they come, until it is closed. */
async function eventsOf(socket: Socket): Promise<string[]> {
  const events: string[] = [];
  for (const name of ["connect", "ready", "end", "error", "close"]) {
    socket.on(name, () => events.push(name));
  }
  if (!socket.closed) await new Promise((resolve) => socket.on("close", resolve));
  return events;
}

/** Runs `ip` in a namespace. */
async function ip(namespace: Namespace, command: string): Promise<void> {
  await execInside(namespace, "ip", command.split(" "));
}

/** Gives a namespace a network where 10.9.0.2 does not answer. Its peer there is `v1`. */
async function addBlackHole(namespace: Namespace): Promise<void> {
  await ip(namespace, "link add v0 type veth peer name v1 address 02:00:00:00:00:02");
  await ip(namespace, "address add 10.9.0.1/24 dev v0");
  await ip(namespace, "link set v0 up");
  await ip(namespace, "link set v1 up");
  await ip(namespace, "neighbor add 10.9.0.2 lladdr 02:00:00:00:00:02 dev v0");
}

leakChecked(
  "a connection goes to the server inside",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const outside = await listenHome();
      const port = outside.port;
      const server = listenInside(namespace, { port }, (socket) => socket.end("ns"));
      assert.equal(await readAll(connectInside(namespace, { port })), "ns");
      assert.equal(await readAll(connectInside(namespace, { port, host: "localhost" })), "ns");
      assert.equal(await readAll(connectInside(home(), { port })), "home");
      assert.equal(whereAmI(), home().inode);
      await closed(server);
      await closed(outside.server);
    }),
);

leakChecked(
  "a socket is connecting at first, and then emits connect and ready",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 8080 }, (socket) => socket.end());
      const socket = connectInside(namespace, { port: 8080 });
      assert.equal(socket.connecting, true);
      assert.equal(socket.readyState, "opening");
      assert.equal(socket.remoteAddress, undefined);
      socket.once("connect", () => {
        assert.equal(socket.connecting, false);
        assert.equal(socket.remoteAddress, "127.0.0.1");
        assert.equal(socket.remotePort, 8080);
        assert.ok(socket.localPort! > 0);
      });
      socket.resume();
      assert.deepEqual(await eventsOf(socket), ["connect", "ready", "end", "close"]);
      await closed(server);
    }),
);

leakChecked(
  "what is written before the connection stands is sent then",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 8080 }, (socket) => socket.pipe(socket));
      const socket = connectInside(namespace, { port: 8080 });
      socket.setNoDelay(true);
      socket.write("first ");
      socket.write("x".repeat(1_000_000));
      socket.end(" last");
      assert.equal(await readAll(socket), `first ${"x".repeat(1_000_000)} last`);
      await closed(server);
    }),
);

leakChecked(
  "data may be awaited before the connection stands",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 8080 }, (socket) => socket.end("hello"));
      let text = "";
      for await (const chunk of connectInside(namespace, { port: 8080 }).setEncoding("utf8")) {
        text += chunk;
      }
      assert.equal(text, "hello");
      const paused = connectInside(namespace, { port: 8080 }).pause();
      await once(paused, "connect");
      assert.equal(paused.isPaused(), true);
      assert.equal(await readAll(paused.resume()), "hello");
      await closed(server);
    }),
);

leakChecked(
  "a refused connection gives the error of net.connect()",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      for (const [host, at] of [["127.0.0.1", "127.0.0.1:8081"], ["::1", "::1:8081"]] as const) {
        const socket = connectInside(namespace, { port: 8081, host });
        socket.write("never sent", () => {});
        const events = eventsOf(socket);
        const [error] = await once(socket, "error");
        assert.equal(error.message, `connect ECONNREFUSED ${at}`);
        const { code, errno, syscall, address, port } = error;
        assert.deepEqual(
          { code, errno, syscall, address, port },
          { code: "ECONNREFUSED", errno: -111, syscall: "connect", address: host, port: 8081 },
        );
        assert.deepEqual(await events, ["error", "close"]);
        assert.equal(socket.destroyed, true);
      }
    }),
);

leakChecked(
  "what the kernel refuses at once is an error event too",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const [unreachable] = await once(
        connectInside(namespace, { port: 80, host: "192.0.2.1" }),
        "error",
      );
      assert.equal(unreachable.code, "ENETUNREACH");
      const [unix] = await once(connectInside(namespace, { path: "\0nobody" }), "error");
      assert.deepEqual([unix.code, unix.address, "port" in unix], [
        "ECONNREFUSED",
        "\0nobody",
        false,
      ]);
    }),
);

leakChecked(
  "a connection that nobody answers ends with ETIMEDOUT",
  withIp,
  () =>
    inNamespace(async (namespace) => {
      await addBlackHole(namespace);
      const socket = connectInside(namespace, { port: 80, host: "10.9.0.2", timeout: 200 });
      const events = eventsOf(socket);
      const [error] = await once(socket, "error");
      assert.equal(error.message, "connect ETIMEDOUT 10.9.0.2:80");
      assert.deepEqual([error.code, error.syscall], ["ETIMEDOUT", "connect"]);
      assert.deepEqual(await events, ["error", "close"]);
    }),
);

leakChecked(
  "an error that the network reports later reaches the socket",
  withIp,
  () =>
    inNamespace(async (namespace) => {
      await addBlackHole(namespace);
      await ip(namespace, "neighbor del 10.9.0.2 dev v0");
      const [error] = await once(connectInside(namespace, { port: 80, host: "10.9.0.2" }), "error");
      assert.equal(error.code, "EHOSTUNREACH");
    }),
);

leakChecked(
  "a connection that takes long is made in the end",
  withIp,
  () =>
    inNamespace((one) =>
      inNamespace(async (two) => {
        await addBlackHole(one);
        const resident = spawnInside(two, "sleep", ["1000"], { stdio: "ignore" });
        await ip(one, `link set v1 netns ${resident.pid}`);
        resident.kill();
        await once(resident, "exit");
        await ip(two, "link set v1 up");
        const server = listenInside(two, { port: 80 }, (socket) => socket.pipe(socket));

        const socket = connectInside(one, { port: 80, host: "10.9.0.2", timeout: 30_000 });
        socket.end("was it long?");
        await ip(one, "link show v0");
        assert.equal(socket.connecting, true);
        await ip(two, "address add 10.9.0.2/24 dev v1");
        assert.equal(await readAll(socket), "was it long?");
        await closed(server);
      })
    ),
);

leakChecked(
  "an abortion destroys a socket that is connecting",
  withIp,
  () =>
    inNamespace(async (namespace) => {
      await addBlackHole(namespace);
      const controller = new AbortController();
      const { signal } = controller;
      const socket = connectInside(namespace, { port: 80, host: "10.9.0.2", signal });
      const events = eventsOf(socket);
      setTimeout(() => controller.abort(new Error("enough")), 50);
      const [error] = await once(socket, "error");
      assert.deepEqual([error.name, error.code, error.cause?.message], [
        "AbortError",
        "ABORT_ERR",
        "enough",
      ]);
      assert.deepEqual(await events, ["error", "close"]);
    }),
);

leakChecked(
  "a signal that is aborted already makes no socket",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const before = openSockets();
      const signal = AbortSignal.abort(new Error("too late"));
      const socket = connectInside(namespace, { port: 80, signal });
      assert.equal(openSockets(), before);
      const [error] = await once(socket, "error");
      assert.deepEqual([error.name, error.cause?.message], ["AbortError", "too late"]);
      assert.equal(socket.destroyed, true);
    }),
);

leakChecked(
  "signal goes on working, and timeout does not, when connected",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(
        namespace,
        { port: 8080 },
        (socket) => socket.on("error", () => {}),
      );
      const controller = new AbortController();
      const { signal } = controller;
      const socket = connectInside(namespace, { port: 8080, signal, timeout: 100 });
      await once(socket, "connect");
      await new Promise((resolve) => setTimeout(resolve, 250));
      assert.equal(socket.destroyed, false);
      controller.abort();
      const [error] = await once(socket, "error");
      assert.equal(error.name, "AbortError");
      await closed(server);
    }),
);

leakChecked(
  "destroy() while connecting closes the socket without an error",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 8080 }, (socket) => socket.destroy());
      const before = openSockets();
      const sockets = [0, 1, 2].map(() => connectInside(namespace, { port: 8080 }));
      assert.equal(openSockets(), before + 3);
      const events = sockets.map(eventsOf);
      sockets.forEach((socket) => socket.destroy());
      assert.deepEqual(await Promise.all(events), [["close"], ["close"], ["close"]]);
      await closed(server);
    }),
);

leakChecked(
  "node:http makes requests over a socket from inside",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const web = http.createServer((request, response) => response.end(`you want ${request.url}`));
      const server = listenInside(namespace, { port: 80 }, (socket) => {
        web.emit("connection", socket);
      });
      const text = await new Promise<string>((resolve, reject) => {
        const createConnection = () => connectInside(namespace, { port: 80 });
        http.get(
          { path: "/path", createConnection, headers: { connection: "close" } },
          (response) => {
            let body = "";
            response.on("data", (chunk) => body += String(chunk));
            response.on("end", () => resolve(body));
          },
        ).on("error", reject);
      });
      assert.equal(text, "you want /path");
      await closed(server);
    }),
);

leakChecked(
  "without a free descriptor EMFILE is thrown",
  privileged,
  () =>
    inNamespace((namespace) => {
      const connecting = () => connectInside(namespace, { port: 80 });
      assert.throws(() => withFreeDescriptors(0, connecting), {
        code: "EMFILE",
        syscall: "socket",
      });
      assert.equal(whereAmI(), home().inode);
    }),
);

leakChecked("options that are wrong are refused", privileged, () =>
  inNamespace((namespace) => {
    const notAHost = /^options\.host must be an IP address, "localhost" or the name of a host: /;
    const wrong: [unknown, RegExp][] = [
      [undefined, /^options must be an object: current value is undefined/],
      [{}, /^options\.port must be an integer: current value is undefined/],
      [{ port: 0 }, /^options\.port must be an integer from 1 to 65535: current value is 0/],
      [{ port: 80, host: "" }, notAHost],
      [{ port: 80, host: "1.2.3.256" }, notAHost],
      [{ port: 80, host: "two words" }, notAHost],
      [{ port: 80, timeout: -1 }, /^options\.timeout must be/],
      [{ port: 80, signal: {} }, /^options\.signal must be an AbortSignal/],
      [{ port: 80, localAddress: "::1" }, /^options\.localAddress is not an option/],
      [{ path: "/tmp/socket" }, /^options\.path must be a name after a NUL/],
      [{ path: "\0x", host: "::1" }, /^options\.path excludes/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => connectInside(namespace, options as ConnectOptions), { message });
    }
  }));

leakChecked("a closed namespace throws its own error", privileged, async () => {
  const namespace = await inNamespace((namespace) => namespace);
  assert.throws(() => connectInside(namespace, { port: 80 }), { code: "ERR_NETNS_CLOSED" });
});
