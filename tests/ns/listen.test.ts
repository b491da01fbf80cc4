import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import { libc } from "../../src/libc.ts";
import { home } from "../../src/position.ts";
import { listenInside, type ListenOptions } from "../../src/sockets/listen.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { collectorThreads, leakChecked } from "../helpers/leak_check.ts";
import { openFiles, threads } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { askHome, closed, connectInside, listenHome, portOf, readAll } from "../helpers/sockets.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const privileged = { skip: skipUnlessPrivileged() };

leakChecked(
  "a server inside answers inside, and one outside on the same port",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const outside = await listenHome();
      const port = outside.port;
      const server = listenInside(namespace, { port }, (socket) => socket.end("ns"));
      assert.equal(whereAmI(), home().inode);
      assert.equal(await readAll(connectInside(namespace, { port })), "ns");
      assert.equal(await askHome(port), "home");
      await closed(outside.server);
      assert.equal(await askHome(port), "ECONNREFUSED");
      assert.equal(await readAll(connectInside(namespace, { port })), "ns");
      await closed(server);
    }),
);

leakChecked(
  "a server listens when listen() returns, and emits listening later",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 0, host: "127.0.0.1" });
      assert.equal(server.listening, true);
      const { address, family, port } = server.address() as AddressInfo;
      assert.deepEqual([address, family], ["127.0.0.1", "IPv4"]);
      assert.ok(port > 0);
      await once(server, "listening");
      const socket = connectInside(namespace, { port });
      const [accepted] = await once(server, "connection");
      assert.equal(accepted.localPort, port);
      assert.equal(accepted.remoteAddress, "127.0.0.1");
      accepted.destroy();
      await once(socket.resume(), "close");
      await closed(server);
    }),
);

leakChecked(
  "without a host a server takes IPv4 and IPv6 connections",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 0 }, (socket) => {
        socket.end(String(socket.remoteAddress));
      });
      const port = portOf(server);
      assert.equal((server.address() as AddressInfo).family, "IPv6");
      assert.equal(await readAll(connectInside(namespace, { port })), "::ffff:127.0.0.1");
      assert.equal(await readAll(connectInside(namespace, { port, host: "::1" })), "::1");
      await closed(server);
    }),
);

leakChecked("ipv6Only leaves the port to IPv4", privileged, () =>
  inNamespace(async (namespace) => {
    const six = listenInside(namespace, { port: 8080, ipv6Only: true }, (socket) => {
      socket.end("six");
    });
    const four = listenInside(namespace, { port: 8080, host: "0.0.0.0" }, (socket) => {
      socket.end("four");
    });
    assert.equal(await readAll(connectInside(namespace, { port: 8080, host: "::1" })), "six");
    assert.equal(await readAll(connectInside(namespace, { port: 8080 })), "four");
    await closed(six);
    await closed(four);
  }));

leakChecked(
  "an abstract Unix socket belongs to its namespace",
  privileged,
  () =>
    inNamespace((one) =>
      inNamespace(async (two) => {
        const path = "\0netns-test";
        const servers = [one, two].map((namespace, index) =>
          listenInside(namespace, { path }, (socket) => socket.end(String(index)))
        );
        assert.equal(await readAll(connectInside(one, { path })), "0");
        assert.equal(await readAll(connectInside(two, { path })), "1");
        const [error] = await once(connectInside(home(), { path }), "error");
        assert.equal(error.code, "ECONNREFUSED");
        await Promise.all(servers.map(closed));
      })
    ),
);

leakChecked(
  "an HTTP server serves the connections that come from inside",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const web = http.createServer((request, response) => response.end(`you want ${request.url}`));
      const server = listenInside(namespace, { port: 80 }, (socket) => {
        web.emit("connection", socket);
      });
      const socket = connectInside(namespace, { port: 80 });
      socket.write("GET /path HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\r\n");
      const answer = await readAll(socket);
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(answer, /you want \/path/);
      await closed(server);
    }),
);

leakChecked(
  "300 connections at once are served",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 0 }, (socket) => socket.pipe(socket));
      const port = portOf(server);
      const answers = await Promise.all(Array.from({ length: 300 }, async (_, index) => {
        const socket = connectInside(namespace, { port });
        socket.end(`message ${index}`);
        return await readAll(socket);
      }));
      assert.deepEqual(answers, answers.map((_, index) => `message ${index}`));
      await closed(server);
      const elsewhere = threads().filter(({ name, netns }) =>
        netns !== `net:[${home().inode}]` && !collectorThreads.test(name)
      );
      assert.deepEqual(elsewhere, []);
    }),
);

leakChecked(
  "a server closes its descriptor, and closes it once",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const { close, open } = libc();
      const before = new Set(openFiles().map(({ target }) => target));
      const server = listenInside(namespace, { port: 0 });
      const added = openFiles().filter(({ target }) => !before.has(target));
      assert.match(added[0]!.target, /^socket:/);
      assert.equal(added.length, 1);
      await closed(server);
      assert.ok(openFiles().every(({ target }) => target !== added[0]!.target));

      const taken: number[] = [];
      while (!taken.includes(added[0]!.fd)) {
        taken.push(open("/etc/passwd", O_RDONLY | O_CLOEXEC, 0));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      const kept = openFiles().filter(({ fd, target }) =>
        taken.includes(fd) && /passwd/.test(target)
      );
      assert.equal(kept.length, taken.length);
      taken.forEach((fd) => close(fd));
    }),
);

leakChecked(
  "what the kernel refuses is thrown, and no descriptor stays",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const server = listenInside(namespace, { port: 8080, host: "127.0.0.1" });
      const label = namespace.label;
      assert.throws(() => listenInside(namespace, { port: 8080, host: "127.0.0.1" }), {
        name: "NetNSError",
        code: "EADDRINUSE",
        syscall: "bind",
        message: `Cannot use the address 127.0.0.1:8080 in ${label}: bind failed with EADDRINUSE`,
        hint: "another socket of the namespace has it",
      });
      assert.throws(() => listenInside(namespace, { port: 8080 }), {
        message: `Cannot use the address [::]:8080 in ${label}: bind failed with EADDRINUSE`,
      });
      assert.throws(() => listenInside(namespace, { port: 80, host: "192.0.2.1" }), {
        code: "EADDRNOTAVAIL",
        hint: "no interface of the namespace has the address 192.0.2.1",
      });
      const unix = listenInside(namespace, { path: "\0one" });
      assert.throws(() => listenInside(namespace, { path: "\0one" }), {
        message: `Cannot use the address "\\0one" in ${label}: bind failed with EADDRINUSE`,
      });
      await closed(unix);
      await closed(server);
    }),
);

leakChecked(
  "without a free descriptor EMFILE is thrown",
  privileged,
  () =>
    inNamespace((namespace) => {
      const listen = () => listenInside(namespace, { port: 0 });
      assert.throws(() => withFreeDescriptors(0, listen), { code: "EMFILE", syscall: "socket" });
      assert.equal(whereAmI(), home().inode);
    }),
);

leakChecked("a server inside outlives the handle", privileged, async () => {
  const server = await inNamespace((namespace) =>
    listenInside(namespace, { port: 0 }, (socket) => socket.end("still here"))
  );
  assert.equal(server.listening, true);
  await closed(server);
});

leakChecked("options that are wrong are refused", privileged, () =>
  inNamespace((namespace) => {
    const wrong: [unknown, RegExp][] = [
      [undefined, /^options must be an object: current value is undefined/],
      [{}, /^options\.port must be an integer: current value is undefined/],
      [{ port: -1 }, /^options\.port must be an integer from 0 to 65535: current value is -1/],
      [{ port: 65536 }, /^options\.port must be/],
      [{ port: "80" }, /^options\.port must be an integer: current value is "80"/],
      [{ port: 80, host: "example.com" }, /^options\.host must be an IP address or "localhost"/],
      [{ port: 80, host: "" }, /^options\.host must be/],
      [{ port: 80, host: "1.2.3.4%1" }, /^options\.host must be/],
      [{ port: 80, host: "fe80::1%eth0" }, /^options\.host must be with the index/],
      [{ port: 80, host: 1 }, /^options\.host must be a string/],
      [{ port: 80, backlog: 0 }, /^options\.backlog must be/],
      [{ port: 80, ipv6Only: 1 }, /^options\.ipv6Only must be a boolean/],
      [{ port: 80, fd: 3 }, /^options\.fd is not an option/],
      [{ path: "/tmp/socket" }, /^options\.path must be a name after a NUL/],
      [{ path: "\0" }, /^options\.path must be/],
      [{ path: "\0" + "x".repeat(108) }, /^options\.path must be at most 108 bytes/],
      [{ path: "\0x", port: 80 }, /^options\.path excludes/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => listenInside(namespace, options as ListenOptions), { message });
    }
    const listener = 5 as unknown as () => void;
    assert.throws(() => listenInside(namespace, { port: 0 }, listener), {
      message: "listener must be a function: current value is 5",
    });
  }));
