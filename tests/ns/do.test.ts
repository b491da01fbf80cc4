import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fs from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import type { DoContext } from "../../mod.ts";
import { withNamespace } from "../helpers/namespace_test.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const options = { skip: skipUnlessPrivileged() };

withNamespace("do() runs the function in the target namespace", async (ns) => {
  assert.equal(await ns.do(whereAmI), ns.inode);
  assert.equal(whereAmI(), NetNS.home().inode);
});

withNamespace("do() runs the function on another thread of this process", async (ns) => {
  const seen = await ns.do(async () => {
    const { readlinkSync } = await import("node:fs");
    const process = await import("node:process");
    return { pid: process.pid, thread: readlinkSync("/proc/thread-self") };
  });
  assert.equal(seen.pid, process.pid);
  assert.notEqual(seen.thread, fs.readlinkSync("/proc/thread-self"));
});

withNamespace("do() keeps one thread for all calls", async (ns) => {
  const thread = async () => (await import("node:fs")).readlinkSync("/proc/thread-self");
  const threads = await Promise.all(Array.from({ length: 20 }, () => ns.do(thread)));
  assert.equal(new Set(threads).size, 1);
});

withNamespace("do() passes arguments and returns the result", async (ns) => {
  assert.equal(await ns.do((a: number, b: number) => a + b, 1, 2), 3);
  assert.equal(await ns.do(() => undefined), undefined);
  assert.deepEqual(await ns.do((value: unknown) => value, { a: [1, { b: new Map([[1, "x"]]) }] }), {
    a: [1, { b: new Map([[1, "x"]]) }],
  });
  const buffer = await ns.do((bytes: Buffer) => bytes, Buffer.from("bytes"));
  assert.ok(Buffer.isBuffer(buffer));
  assert.equal(buffer.toString(), "bytes");
});

withNamespace("do() takes every form of function", async (ns) => {
  const object = {
    method(a: number) {
      return a + 1;
    },
    async asyncMethod(a: number) {
      return await Promise.resolve(a + 2);
    },
    ["computed name"](a: number) {
      return a + 3;
    },
  };
  function declaration(a: number) {
    return a + 4;
  }
  function outer(a: number) {
    function inner(b: number) {
      return b + 5;
    }
    class Inner {
      value = inner(a);
    }
    return new Inner().value;
  }
  assert.equal(await ns.do(object.method, 0), 1);
  assert.equal(await ns.do(object.asyncMethod, 0), 2);
  assert.equal(await ns.do(object["computed name"], 0), 3);
  assert.equal(await ns.do(declaration, 0), 4);
  assert.equal(await ns.do(outer, 0), 5);
  assert.equal(await ns.do(async (a: number) => await Promise.resolve(a + 6), 0), 6);
});

withNamespace("do() gives what a generator yields", async (ns) => {
  const numbers = await ns.do(function* (to: number) {
    for (let i = 0; i < to; i++) yield i;
  }, 3);
  assert.deepEqual(numbers, [0, 1, 2]);
  const words = await ns.do(async function* () {
    yield await Promise.resolve("a");
    yield "b";
  });
  assert.deepEqual(words, ["a", "b"]);
});

withNamespace("do() starts calls in order", async (ns) => {
  const order = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      ns.do((index: number) => {
        const counter = globalThis as { next?: number };
        counter.next = (counter.next ?? -1) + 1;
        return [index, counter.next];
      }, index)),
  );
  for (const [index, start] of order) assert.equal(start, index);
});

withNamespace("do() runs calls concurrently on one event loop", async (ns) => {
  const gate = ns.do(() =>
    new Promise<string>((resolve) => {
      (globalThis as { open?: (value: string) => void }).open = resolve;
    })
  );
  await ns.do(() => (globalThis as { open?: (value: string) => void }).open!("opened"));
  assert.equal(await gate, "opened");
});

withNamespace("200 concurrent do() calls all get their result and their caller", async (ns) => {
  const results = await Promise.all(
    Array.from(
      { length: 200 },
      (_, index) => ns.do((index: number, ctx) => [index, ctx.host.inode], index),
    ),
  );
  for (const [index, [answer, host]] of results.entries()) {
    assert.equal(answer, index);
    assert.equal(host, NetNS.home().inode);
  }
});

withNamespace("ctx.ns is the namespace itself and ctx.host is the caller's", async (ns) => {
  const seen = await ns.do((ctx: DoContext) => ({
    ns: ctx.ns.inode,
    host: ctx.host.inode,
    same: ctx.ns.equals(ctx.host),
    aborted: ctx.signal.aborted,
  }));
  assert.deepEqual(seen, {
    ns: ns.inode,
    host: NetNS.home().inode,
    same: false,
    aborted: false,
  });
});

withNamespace("ctx.host runs code in the namespace that the call came from", async (ns) => {
  const inode = await ns.do((ctx) =>
    ctx.host.do(async () => (await import("node:fs")).readlinkSync("/proc/thread-self/ns/net"))
  );
  assert.equal(inode, `net:[${NetNS.home().inode}]`);
});

withNamespace("nested calls reach other namespaces, and their host is the caller's", async (ns) => {
  const other = NetNS.create();
  try {
    const seen = await ns.do(async (other, ctx) => {
      const inner = await other.do((ctx) => ({ ns: ctx.ns.inode, host: ctx.host.inode }));
      return { inner, self: ctx.ns.inode };
    }, other);
    assert.deepEqual(seen, {
      inner: { ns: other.inode, host: ns.inode },
      self: ns.inode,
    });
  } finally {
    await other.close({ force: true });
  }
});

withNamespace(
  "nested calls to the same namespace run inline, with the same cloning",
  async (ns) => {
    const seen = await ns.do(async (ctx) => {
      const sent = { list: [1] };
      const inner = await ctx.ns.do((got: { list: number[] }, ctx) => {
        got.list.push(2);
        return { got, host: ctx.host.inode };
      }, sent);
      return { sent, inner };
    });
    assert.deepEqual(seen, {
      sent: { list: [1] },
      inner: { got: { list: [1, 2] }, host: ns.inode },
    });
  },
);

withNamespace("a nested call to the same namespace gets and gives handles", async (ns) => {
  const seen = await ns.do(async (ctx) => {
    const got = await ctx.ns.do((host, ctx) => ({ host, inode: host.inode, ns: ctx.ns }), ctx.host);
    return [got.inode, got.host, got.ns];
  });
  assert.deepEqual(seen, [NetNS.home().inode, NetNS.home(), ns]);
});

withNamespace("a value that only postMessage refuses is named, too", async (ns) => {
  const proxy = new Proxy({}, {});
  await assert.rejects(ns.do((value: unknown) => value, { a: [proxy] }), {
    code: "ERR_NETNS_UNCLONEABLE",
    message: /args\[0\]\.a\[0\]/,
  });
  await assert.rejects(ns.do(() => ({ a: [new Proxy({}, {})] })), {
    code: "ERR_NETNS_UNCLONEABLE",
    message: /result\.a\[0\]/,
  });
});

withNamespace("calls nest deeper: home, inside, home, inside", async (ns) => {
  const path = await ns.do((ctx) =>
    ctx.host.do(
      (target, ctx) =>
        target.do((ctx) => [ctx.ns.inode, ctx.host.inode]).then((
          inner,
        ) => [ctx.ns.inode, ...inner]),
      ctx.ns,
    )
  );
  const home = NetNS.home().inode;
  assert.deepEqual(path, [home, ns.inode, home]);
});

withNamespace("a handle that is passed back is the handle itself", async (ns) => {
  assert.equal(await ns.do((ctx) => ctx.ns), ns);
  assert.equal(await ns.do((ctx) => ctx.host), NetNS.home());
  const { nested } = await ns.do((handle) => ({ nested: [handle] }), ns);
  assert.equal(nested[0], ns);
});

withNamespace("handles among the members of arguments and results are handles", async (ns) => {
  const peers = { list: [ns], map: new Map([["home", NetNS.home()]]), set: new Set([ns]) };
  const { inodes, back } = await ns.do(({ list, map, set }) => ({
    inodes: [...list, ...map.values(), ...set].map((peer) => "doSync" in peer ? 0 : peer.inode),
    back: { list, map, set },
  }), peers);
  assert.deepEqual(inodes, [ns.inode, NetNS.home().inode, ns.inode]);
  assert.deepEqual(back, peers);
  assert.equal(back.map.get("home"), NetNS.home());
});

withNamespace("remote handles have the asynchronous methods of a handle", async (ns) => {
  const seen = await ns.do(async (ctx) => ({
    exec: (await ctx.ns.exec("readlink", ["/proc/self/ns/net"])).stdout.trim(),
    hostExec: (await ctx.host.exec("readlink", ["/proc/self/ns/net"])).stdout.trim(),
    nsid: await ctx.host.setNsid("auto"),
    known: await ctx.host.getNsid(),
    pids: await ctx.ns.pids(),
    text: String(ctx.ns),
  }));
  assert.equal(seen.exec, `net:[${ns.inode}]`);
  assert.equal(seen.hostExec, `net:[${NetNS.home().inode}]`);
  assert.equal(seen.nsid, seen.known);
  assert.equal(await ns.getNsid(), undefined, "the id is one of the namespace inside");
  assert.deepEqual(seen.pids, [process.pid]);
  assert.equal(seen.text, String(ns));
});

withNamespace("remote handles read and write kernel parameters of their namespace", async (ns) => {
  const other = NetNS.create();
  try {
    const seen = await ns.do(
      async (other, name: string, ctx) => {
        await other.sysctl.set(name, 17);
        await ctx.ns.sysctl.set("net.ipv4.conf.lo.forwarding", true);
        const unknown = await ctx.ns.sysctl.get("net.ipv4.none").catch((error) => error.code);
        const refused = await ctx.host.sysctl.get("kernel.hostname").catch((error) => error.name);
        const uncloned = await ctx.ns.sysctl.set(name, (() => {}) as never)
          .catch((error) => error.code);
        return {
          ttl: [await other.sysctl.get(name), await ctx.host.sysctl.get(name)],
          forwarding: await ctx.ns.sysctl.get("net.ipv4.conf.lo.forwarding"),
          errors: [unknown, refused, uncloned],
        };
      },
      other,
      "net.ipv4.ip_default_ttl",
    );
    const home = await NetNS.home().sysctl.get("net.ipv4.ip_default_ttl");
    assert.deepEqual(seen, {
      ttl: ["17", home],
      forwarding: "1",
      errors: ["ERR_NETNS_NOT_FOUND", "RangeError", "ERR_NETNS_UNCLONEABLE"],
    });
    assert.equal(await ns.sysctl.get("net.ipv4.conf.lo.forwarding"), "1");
    assert.equal(await other.sysctl.get("net.ipv4.ip_default_ttl"), "17");
  } finally {
    await other.close();
  }
});

withNamespace("remote handles read files of /proc/net of their namespace", async (ns) => {
  const server = ns.listen({ port: 4242, host: "127.0.0.1" });
  const [inside, outside] = await ns.do(async (ctx) => [
    await ctx.ns.readProcNet("tcp"),
    await ctx.host.readProcNet("tcp"),
  ]);
  assert.match(inside!, /0100007F:1092 /);
  assert.doesNotMatch(outside!, /0100007F:1092 /);
  server.close();
});

withNamespace("a request from the namespace of a remote handle is a call there", async (ns) => {
  const http = createServer((_request, response) => response.end("from inside"));
  const server = ns.listen({ port: 8080 }, (socket) => http.emit("connection", socket));
  const other = NetNS.create();
  try {
    const text = await other.do(
      (ns, url) => ns.do(async (url) => await (await fetch(url)).text(), url),
      ns,
      "http://127.0.0.1:8080/",
    );
    assert.equal(text, "from inside");
  } finally {
    http.closeAllConnections();
    server.close();
    await other.close({ force: true });
  }
});

withNamespace("a remote handle is closed where it is disposed of", async (ns) => {
  const other = NetNS.create();
  await ns.do(async (other) => await other[Symbol.asyncDispose](), other);
  assert.equal(other.closed, true);
  const message = await ns.do(async (ctx) =>
    await ctx.ns[Symbol.asyncDispose]().catch((error: Error) => error.message)
  );
  assert.match(String(message), /would wait for the call that it is in/);
});

withNamespace("a closed handle is refused as an argument", async (ns) => {
  const other = NetNS.create();
  await other.close();
  await assert.rejects(ns.do((other) => other.inode, other), { code: "ERR_NETNS_CLOSED" });
});

withNamespace("transferred arguments are moved", async (ns) => {
  const bytes = new ArrayBuffer(8);
  const length = await ns.with({ transfer: [bytes] }).do((b: ArrayBuffer) => b.byteLength, bytes);
  assert.equal(length, 8);
  assert.equal(bytes.byteLength, 0);
});

leakChecked("what is no function, and what cannot be sent, is refused", options, async () => {
  const ns = NetNS.create();
  await assert.rejects(ns.do("text" as never), TypeError);
  const refused = { code: "ERR_NETNS_UNCLONEABLE" };
  await assert.rejects(ns.do(Math.max as never), refused);
  await assert.rejects(ns.do((() => 1).bind(null)), refused);
  await assert.rejects(ns.do(class {} as never), refused);
  await assert.rejects(ns.do((f: () => void) => f, () => {}), refused);
  await assert.rejects(ns.do((o: object) => o, { deep: [{ fn() {} }] }), {
    ...refused,
    message: /args\[0\]\.deep\[0\]\.fn/,
  });
  await assert.rejects(ns.do(() => ({ socket: { on() {} } })), {
    ...refused,
    message: /result\.socket\.on/,
  });
  assert.equal(await ns.do(() => "still works"), "still works");
  await ns.close();
});

leakChecked("a handle without calls starts no thread", options, async () => {
  const before = fs.readdirSync("/proc/self/task").length;
  const handles = Array.from({ length: 20 }, () => NetNS.create());
  for (const ns of handles) ns.doSync(() => {});
  assert.ok(fs.readdirSync("/proc/self/task").length < before + 20);
  assert.deepEqual(NetNS.audit().filter(({ owner }) => owner?.includes("thread of")), []);
  await Promise.all(handles.map((ns) => ns.close()));
});

leakChecked(
  "a handle that was closed is told as closed inside, as others came after it",
  options,
  async () => {
    const [ns, one] = [NetNS.create(), NetNS.create()];
    await ns.do((one) => {
      Object.assign(globalThis, { one });
    }, one);
    const isSame = () =>
      ns.do((one) => (globalThis as unknown as { one: unknown }).one === one, one);
    assert.equal(await isSame(), true);
    for (let count = 0; count < 200; count++) {
      const other = NetNS.fromFd(ns.fd);
      assert.equal(await ns.do((other) => other.inode, other), ns.inode);
      await other.close();
    }
    assert.equal(await isSame(), true);
    await one.close();
    const ask = ns.do(async () => {
      const { one } = globalThis as unknown as { one: { do(fn: () => void): Promise<void> } };
      await one.do(() => {});
    });
    await assert.rejects(ask, { code: "ERR_NETNS_CLOSED" });
    await ns.close();
  },
);
