import assert from "node:assert/strict";
import dgram from "node:dgram";
import { once } from "node:events";
import { home } from "../../src/position.ts";
import { udpInside, type UdpOptions } from "../../src/sockets/udp.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const privileged = { skip: skipUnlessPrivileged() };
const adopting = {
  skip: skipAny(skipUnlessPrivileged(), skipOn("deno", "Deno cannot adopt UDP sockets")),
};

async function closed(socket: dgram.Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.close(resolve));
}

leakChecked(
  "a UDP socket sends and receives inside, and not outside",
  adopting,
  () =>
    inNamespace(async (namespace) => {
      const outside = dgram.createSocket("udp4");
      outside.bind(0, "127.0.0.1");
      await once(outside, "listening");
      const { port } = outside.address();
      outside.on("message", () => assert.fail("the message came out"));

      const server = udpInside(namespace, { type: "udp4", port, host: "127.0.0.1" });
      assert.equal(whereAmI(), home().inode);
      await once(server, "listening");
      assert.deepEqual(server.address(), { address: "127.0.0.1", family: "IPv4", port });
      server.on("message", (message, { address, port }) => {
        server.send(`${message}, too`, port, address);
      });
      const client = udpInside(namespace, { type: "udp4" });
      client.send("inside", port, "127.0.0.1");
      const [answer] = await once(client, "message");
      assert.equal(String(answer), "inside, too");
      await Promise.all([closed(server), closed(client), closed(outside)]);
    }),
);

leakChecked(
  "listening is emitted once, after udp() has returned",
  adopting,
  () =>
    inNamespace(async (namespace) => {
      const socket = udpInside(namespace, { type: "udp4" });
      let count = 0;
      socket.on("listening", () => {
        count++;
        assert.ok(socket.address().port > 0);
      });
      await once(socket, "listening");
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(count, 1);
      await closed(socket);
    }),
);

leakChecked("IPv6 works alike", adopting, () =>
  inNamespace(async (namespace) => {
    const server = udpInside(namespace, { type: "udp6", host: "::1", port: 5353 });
    const client = udpInside(namespace, { type: "udp6" });
    client.send("six", 5353, "::1");
    const [message, from] = await once(server, "message");
    assert.deepEqual([String(message), from.address, from.family], ["six", "::1", "IPv6"]);
    await Promise.all([closed(server), closed(client)]);
  }));

leakChecked("a socket may be closed at once", adopting, () =>
  inNamespace(async (namespace) => {
    const socket = udpInside(namespace, { type: "udp4" });
    socket.on("listening", () => assert.fail("it is closed"));
    await closed(socket);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }));

leakChecked(
  "what the kernel refuses is thrown, and no descriptor stays",
  adopting,
  () =>
    inNamespace(async (namespace) => {
      const socket = udpInside(namespace, { type: "udp4", port: 53 });
      await once(socket, "listening");
      assert.throws(() => udpInside(namespace, { type: "udp4", port: 53 }), {
        name: "NetNSError",
        code: "EADDRINUSE",
        message:
          `Cannot use the address 0.0.0.0:53 in ${namespace.label}: bind failed with EADDRINUSE`,
      });
      assert.throws(() => udpInside(namespace, { type: "udp4", host: "192.0.2.1" }), {
        code: "EADDRNOTAVAIL",
      });
      await closed(socket);
    }),
);

leakChecked("Deno is told what to do instead", {
  skip: skipAny(
    skipUnlessPrivileged(),
    skipOn(["node-koffi", "node-ffi", "bun"], "only Deno cannot adopt UDP sockets"),
  ),
}, () =>
  inNamespace((namespace) => {
    assert.equal(runtime, "deno");
    assert.throws(() => udpInside(namespace, { type: "udp4" }), {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: /ns\.do\(\)/,
    });
  }));

leakChecked("options that are wrong are refused", privileged, () =>
  inNamespace((namespace) => {
    const wrong: [unknown, RegExp][] = [
      [undefined, /^options must be an object: current value is undefined/],
      [{}, /^options\.type must be one of "udp4", "udp6": current value is undefined/],
      [{ type: "tcp" }, /^options\.type must be one of "udp4", "udp6": current value is "tcp"/],
      [{ type: "udp4", port: 65536 }, /^options\.port must be/],
      [{ type: "udp4", host: "::1" }, /^options\.host must be an address of udp4/],
      [{ type: "udp6", host: "127.0.0.1" }, /^options\.host must be an address of udp6/],
      [{ type: "udp4", reuseAddr: true }, /^options\.reuseAddr is not an option/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => udpInside(namespace, options as UdpOptions), { message });
    }
  }));
