import assert from "node:assert/strict";
import test from "node:test";
import { Monitor } from "../../src/netlink/monitor/monitor.ts";
import type { MonitorEvent, MonitorGroup } from "../../src/netlink/monitor/monitor_event.ts";
import type { Waiting } from "../../src/poll/event_iterator.ts";
import { datagram, FakeSocket, frame } from "../helpers/fake_socket.ts";

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_NEWADDR = 20;
const AF_BRIDGE = 7;

/** A message about a link without any attribute but its name. */
function link(type: number, index: number, name: string, family = 0): Uint8Array {
  return frame(type, 0, {
    body: (writer) => {
      writer.u8(family).u8(0).u16(1).u32(index).u32(0).u32(0);
      const start = writer.begin(3);
      writer.text(name).u8(0).end(start);
    },
  });
}

/** A message about the address 10.0.0.1/24 of a link. */
function address(index: number): Uint8Array {
  return frame(RTM_NEWADDR, 0, {
    body: (writer) => {
      writer.u8(2).u8(24).u8(0).u8(0).u32(index);
      const start = writer.begin(2);
      writer.bytes(new Uint8Array([10, 0, 0, 1])).end(start);
    },
  });
}

/** What is waited for until the test says that something came. */
class FakeReadiness implements Waiting {
  waits = 0;
  closed = false;
  #settle: (() => void) | undefined;

  wait(): Promise<void> {
    this.waits++;
    return new Promise((resolve) => this.#settle = resolve);
  }

  tell(): void {
    this.#settle?.();
  }

  close(): Promise<void> {
    this.closed = true;
    this.#settle?.();
    return Promise.resolve();
  }
}

function monitorOf(groups: readonly MonitorGroup[], names: Iterable<[number, string]> = []) {
  const socket = new FakeSocket(() => []);
  const readiness = new FakeReadiness();
  return {
    socket,
    readiness,
    monitor: new Monitor(socket, readiness, groups, () => new Map(names)),
  };
}

function told({ value }: IteratorResult<MonitorEvent, undefined>): unknown {
  if (value?.group === "link") return `${value.type} ${value.link.name}`;
  return value?.group === "addr" ? value.addr.dev : value?.type;
}

async function take(monitor: AsyncIterator<MonitorEvent, undefined>, count: number) {
  const events = [];
  while (events.length < count) events.push(told(await monitor.next()));
  return events;
}

test("all messages of a datagram are told, in order, without waiting", async () => {
  const { socket, readiness, monitor } = monitorOf(["link", "addr"]);
  socket.deliver(datagram(link(RTM_NEWLINK, 7, "a"), address(7), link(RTM_DELLINK, 7, "a")));
  assert.deepEqual(await take(monitor, 3), ["new a", "a", "del a"]);
  assert.equal(readiness.waits, 0);
});

test("messages of other groups, and of bridges about their ports, are not told", async () => {
  const { socket, monitor } = monitorOf(["link"]);
  socket.deliver(address(7), link(RTM_DELLINK, 7, "port", AF_BRIDGE), frame(RTM_NEWLINK, 0));
  socket.deliver(frame(99, 0), link(RTM_NEWLINK, 8, "b"));
  assert.deepEqual(await take(monitor, 1), ["new b"]);
});

test("a loss is told after what was before it, and once", async () => {
  const { socket, monitor } = monitorOf(["link"]);
  socket.deliver("overrun", link(RTM_NEWLINK, 1, "a"), link(RTM_NEWLINK, 2, "b"));
  assert.deepEqual(await take(monitor, 3), ["new a", "new b", "overrun"]);
  socket.deliver(link(RTM_NEWLINK, 3, "c"), "overrun", "overrun", link(RTM_NEWLINK, 4, "d"));
  assert.deepEqual(await take(monitor, 4), ["new c", "overrun", "new d", "overrun"]);
});

test("names after a loss are asked for again", async () => {
  const { socket, monitor } = monitorOf(["link", "addr"]);
  socket.links.set("now", 7);
  socket.deliver(link(RTM_NEWLINK, 7, "then"), address(7));
  assert.deepEqual(await take(monitor, 2), ["new then", "then"]);
  socket.deliver("overrun", address(7), address(9));
  assert.deepEqual(await take(monitor, 3), ["then", 9, "overrun"]);
  socket.deliver(address(7));
  assert.deepEqual(await take(monitor, 1), ["now"]);
});

test("names are those that links had when it happened, whatever the groups", async () => {
  const { socket, monitor } = monitorOf(["addr"], [[7, "first"], [8, "gone"]]);
  socket.links.set("last", 7);
  socket.deliver(
    datagram(address(7), address(8)),
    datagram(link(RTM_NEWLINK, 7, "second"), link(RTM_DELLINK, 8, "gone", AF_BRIDGE), address(7)),
    datagram(address(8), link(RTM_DELLINK, 8, "gone"), link(RTM_NEWLINK, 8, "reused"), address(8)),
  );
  assert.deepEqual(await take(monitor, 5), ["first", "gone", "second", "gone", "reused"]);
});

test("a wake-up for nothing is no event", async () => {
  const { socket, readiness, monitor } = monitorOf(["link"]);
  const next = monitor.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  readiness.tell();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(readiness.waits, 2);
  socket.deliver(link(RTM_NEWLINK, 1, "a"));
  readiness.tell();
  assert.equal(told(await next), "new a");
});

test("a failure ends the monitor: the first call is told why, the others that it ended", async () => {
  const { socket, readiness, monitor } = monitorOf(["link"]);
  const calls = [monitor.next(), monitor.next()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.deliver(new RangeError("out of luck"));
  readiness.tell();
  await assert.rejects(calls[0]!, /out of luck/);
  assert.equal((await calls[1])?.done, true);
  assert.equal((await monitor.next()).done, true);
  assert.ok(socket.closed && readiness.closed);
});

test("malformed datagrams end it with EBADMSG", async () => {
  const { socket, monitor } = monitorOf(["link"]);
  socket.deliver(new Uint8Array([1, 2, 3]));
  await assert.rejects(monitor.next(), { code: "EBADMSG" });
  assert.ok(socket.closed);
});
