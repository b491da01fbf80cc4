import assert from "node:assert/strict";
import test from "node:test";
import type { Namespace } from "../../src/namespace.ts";
import { lateObjects, type NetlinkObjects } from "../../src/netlink/late_objects.ts";
import type { Netlink } from "../../src/netlink/netlink.ts";
import { netlinkObjects } from "../../src/thread/inside/remote_netlink.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { ack, datagram, done, FakeSocket, frame } from "../helpers/fake_socket.ts";

const RTM_NEWLINK = 16;

interface Late {
  readonly objects: NetlinkObjects;
  readonly real: Netlink;
  /** The types of what was sent, an array for each datagram. */
  readonly sent: () => number[][];
  /** Ends the loading. */
  readonly arrive: () => void;
  readonly fail: (error: Error) => void;
  /** How often loading began. */
  readonly loads: () => number;
}

/** Objects whose loading ends when the test says so. */
function late(duplicate: (value: object) => Namespace | undefined = () => undefined): Late {
  const socket = new FakeSocket((messages) => {
    const replies = messages.flatMap((message) => {
      if (message.type !== 18) return [ack(message)];
      const link = frame(RTM_NEWLINK, message.sequence, {
        body: (writer) => writer.u32(0).u32(7).u32(0).u32(0),
      });
      return [link, link, done(message)];
    });
    return [datagram(...replies)];
  });
  const real = fakeNetlink({ e0: 2, e1: 3 }, undefined, socket).netlink;
  let loaded: Netlink | undefined;
  let coming: Promise<Netlink> | undefined;
  let settle: { resolve: (netlink: Netlink) => void; reject: (error: Error) => void };
  let loads = 0;
  const load = () => {
    if (coming !== undefined) return coming;
    loads++;
    coming = new Promise<Netlink>((resolve, reject) => settle = { resolve, reject });
    coming.then((netlink) => loaded = netlink, () => coming = undefined);
    return coming;
  };
  return {
    objects: lateObjects(() => loaded ?? load(), duplicate),
    real,
    sent: () => socket.sent.map((messages) => messages.map(({ type }) => type)),
    arrive: () => settle.resolve(real),
    fail: (error) => settle.reject(error),
    loads: () => loads,
  };
}

test("late objects have the methods of the objects that they stand for", () => {
  const { objects } = late();
  for (const [name, { methods, objects: inner = {} }] of Object.entries(netlinkObjects)) {
    const object: object = Reflect.get(objects, name);
    assert.deepEqual(Object.keys(object), [...methods, ...Object.keys(inner)]);
    for (const method of methods) assert.equal(typeof Reflect.get(object, method), "function");
  }
  assert.equal(typeof objects.link.bridgeVlan.list, "function");
});

test("calls that waited leave in their order, in one datagram, before later ones", async () => {
  const { objects, real, sent, arrive, loads } = late();
  const waiting = [
    objects.addr.add({ dev: "e0", address: "10.0.0.1/24" }),
    objects.route.add({ dst: "10.9.0.0/16", dev: "e1" }),
    objects.addr.del({ dev: "e1", address: "10.0.0.1/24" }),
  ];
  assert.deepEqual(sent(), []);
  arrive();
  // As early as anyone may know that loading has ended.
  const later = Promise.resolve().then(() => objects.neigh.del({ dev: "e0", dst: "10.0.0.2" }));
  await Promise.all([...waiting, later]);
  const [first = [], ...rest] = sent();
  assert.deepEqual(first.slice(0, 3), [20, 24, 21]);
  assert.deepEqual([...first.slice(3), ...rest.flat()], [29]);
  assert.equal(loads(), 1);
  await Promise.all([objects.link.del("e0"), real.addr.del({ dev: "e0", address: "10.0.0.1/24" })]);
  assert.deepEqual(sent().flat().slice(-2), [17, 21]);
});

test("options that change while a call waits are not heeded", async () => {
  const { objects, real, arrive } = late();
  const told: unknown[] = [];
  Object.defineProperty(real.link, "add", {
    value: (options: unknown) => Promise.resolve(told.push(options)),
  });
  const data = new Uint8Array([1, 2]);
  const options = {
    kind: "veth" as const,
    name: "v0",
    altnames: ["one"],
    peer: { name: "p0" },
    attributes: [{ type: 1, data }],
  };
  const expected = structuredClone(options);
  const added = objects.link.add(options);
  options.name = "other";
  options.altnames.push("two");
  options.peer.name = "other";
  data[0] = 9;
  arrive();
  await added;
  assert.deepEqual(told, [expected]);
});

test("a handle that an option names is kept open until the call has ended", async () => {
  const events: string[] = [];
  class Handle {}
  const namespace = { abandon: () => events.push("abandoned") } as unknown as Namespace;
  const { objects, real, arrive } = late((value) =>
    value instanceof Handle ? namespace : undefined
  );
  Object.defineProperty(real.link, "add", {
    value: async ({ netns }: { netns: unknown }) => {
      events.push(netns === namespace ? "kept" : "as given");
      await undefined;
      throw new RangeError("refused");
    },
  });
  const added = objects.link.add({ kind: "ifb", netns: new Handle() } as never);
  assert.deepEqual(events, []);
  arrive();
  await assert.rejects(added, RangeError);
  assert.deepEqual(events, ["kept", "abandoned"]);
});

test("wrong options are refused with the same errors before rtnetlink is loaded and after", async () => {
  const calls: readonly ((netlink: NetlinkObjects) => Promise<unknown>)[] = [
    ({ link }) => link.add({ kind: "veth", nmae: "v0" } as never),
    ({ link }) => link.add(undefined as never),
    ({ link }) => link.set("e0", { mtu: -1 }),
    ({ link }) => link.list({ up: 1 } as never),
    ({ link }) => link.dump({ up: 1 } as never).next(),
    ({ addr }) => addr.add({ dev: "e0", address: "10.0.0.300/24" }),
    ({ route }) => route.dump(7 as never).next(),
    ({ route }) => route.add({ dst: {} } as never),
    ({ qdisc }) => qdisc.add({ dev: "e0", kind: 7 } as never),
    ({ nsid }) => nsid.set("blue", -1),
    ({ link }) =>
      link.add({
        get kind(): never {
          throw new EvalError("read");
        },
      }),
  ];
  const reason = async (result: () => Promise<unknown>) => {
    const pending = result(); // Rejects, and does not throw.
    const error = await pending.then(() => assert.fail("it was not refused"), (error) => error);
    return `${error.name}: ${error.message}`;
  };
  const expected = [];
  for (const call of calls) expected.push(await reason(() => call(late().real)));
  const { objects, arrive, sent } = late();
  const reasons = calls.map((call) => reason(() => call(objects)));
  arrive();
  assert.deepEqual(await Promise.all(reasons), expected);
  for (const call of calls) assert.ok(expected.includes(await reason(() => call(objects))));
  assert.deepEqual(sent(), []);
});

test("an iterator that was made before rtnetlink is loaded is one as after it", async () => {
  for (const isLate of [true, false]) {
    const { objects, arrive, sent } = late();
    const begun = objects.link.del("e0");
    if (!isLate) arrive();
    if (!isLate) await begun;
    const links = objects.link.dump();
    assert.equal(links[Symbol.asyncIterator](), links);
    const steps = [links.next(), links.next(), links.next(), links.next()];
    const left = objects.link.dump();
    const ending = [left.return!(), left.next()];
    const failed = objects.link.dump();
    const failing = failed.throw!(new EvalError("enough")).catch((error: unknown) => error);
    const disposed = objects.link.dump();
    const disposing = disposed[Symbol.asyncDispose]();
    if (isLate) arrive();
    const indexes = (await Promise.all(steps)).map(({ value }) => value?.index);
    assert.deepEqual(indexes, [7, 7, undefined, undefined]);
    assert.deepEqual((await Promise.all(ending)).map(({ done }) => done), [true, true]);
    assert.ok(await failing instanceof EvalError);
    assert.deepEqual(await failed.next(), { done: true, value: undefined });
    await disposing;
    assert.equal((await disposed.next()).done, true);
    assert.deepEqual(sent().flat().filter((type) => type === 18), [18]);
  }
});

test("what waits is told when rtnetlink cannot be loaded, and what is called later loads it", async () => {
  const { objects, fail, arrive, loads } = late();
  const gone = new Error("gone");
  const refused = assert.rejects(objects.link.del("e0"), gone);
  const links = objects.link.dump();
  objects.link.dump(); // Nobody iterates: nobody is told.
  const unwanted = objects.link.dump();
  const ended = unwanted.return!();
  fail(gone);
  await refused;
  await assert.rejects(links.next(), gone);
  assert.deepEqual(await links.next(), { done: true, value: undefined });
  assert.equal((await ended).done, true);
  assert.equal((await unwanted.next()).done, true);
  const again = objects.link.del("e0");
  arrive();
  await again;
  assert.equal(loads(), 2);
});
