/**
 * What goes wrong with rtnetlink(7) by its nature, as it happens on the kernel. Here are the tests
 * that have no place with an object; this is where each trap is tested:
 *
 * | trap                                                           | tests                           |
 * | -------------------------------------------------------------- | ------------------------------- |
 * | T1 a socket belongs to the namespace of the thread that made it | connection                      |
 * | T2 attributes begin at multiples of four bytes                 | here; link_golden               |
 * | T3 an answer, then an acknowledgement; the latter alone        | unit/netlink_connection         |
 * | T4 answers to others come between                              | here; unit/netlink_connection   |
 * | T5 the end of a dump may be an error                           | connection; unit/netlink_dump   |
 * | T6 one dump a socket                                           | here; connection                |
 * | T7 an answer may be larger than the usual buffer               | here; connection; large_link    |
 * | T8 recv(2) cuts, and does not say so                           | here                            |
 * | T9 ENOBUFS: dropped events; dropped acknowledgements           | monitor; here                   |
 * | T10 what is sent at once has a limit; an error stops nothing   | here; connection                |
 * | T11 dumps of what changes                                      | here; connection; unit/netlink_dump |
 * | T12 without strict checks filters are not heeded               | here; addr; route               |
 * | T13 options of a kind are changed by RTM_NEWLINK only          | link                            |
 * | T14 the offset of a wrong attribute; errors without a text     | here; unit/netlink_extack       |
 * | T15 a kind that the kernel does not know                       | here; qdisc; unit/netlink_extack |
 * | T16 NLA_F_NESTED is needed, or is there, at times              | link_golden; link (altnames)    |
 * | T17 numbers in network byte order                              | link_golden; link_kinds         |
 * | T18 the port of a socket is the process id at most once        | here                            |
 * | T19 namespaces are descriptors and ids of the sender           | here; unit/netlink_connection   |
 * | T20 one namespace a link                                       | here                            |
 * | T21 what a move does to a link                                 | here; link                      |
 * | T22 a pair across namespaces in one message; the index there   | link; unit/netlink_lower_link   |
 * | T23 such a pair gives ids to the namespaces                    | here                            |
 * | T25 IFA_LOCAL, IFA_ADDRESS and IFA_FLAGS                       | addr; routing_golden            |
 * | T26 tables above 255                                           | route; rule; routing_golden     |
 * | T27 host bits of routes; rules that are there twice            | route; rule                     |
 * | T28 names that are too long or empty                           | link; unit/netlink_refused_input |
 * | T29 ENOBUFS of an acknowledgement                              | here; unit/netlink_connection   |
 * | T30 counters make answers large                                | here                            |
 * | T31 ticks, and rate tables that need not be sent               | unit/traffic_control_input; qdisc |
 * | T32 sockets that are open as their thread ends                 | connection; monitor             |
 *
 * Not here: T24, events of other namespaces, for which this library does not ask (that it gets none
 * is tested), and T33, a probe that `ip` sends first: it is in recorded messages only.
 *
 * @module
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { NetNS } from "../../mod.ts";
import { errnoName, isNetNSError } from "../../src/errors.ts";
import type { Namespace } from "../../src/namespace.ts";
import { Channel } from "../../src/netlink/channel.ts";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { Connection } from "../../src/netlink/connection.ts";
import { NETLINK_GET_STRICT_CHK, SOL_NETLINK } from "../../src/netlink/constants/netlink.ts";
import { visitFrames } from "../../src/netlink/frames.ts";
import { fillLinks, type Query, type Request } from "../../src/netlink/request.ts";
import {
  type NetlinkSocket,
  openListeningSocket,
  openNetlinkSocket,
} from "../../src/netlink/socket.ts";
import { setOption } from "../../src/sockets/socket.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  addAddress,
  addAltnames,
  addLink,
  connectTo,
  getLink,
  listAddresses,
  listLinks,
} from "../helpers/netlink_requests.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { timeLimit } from "../helpers/time_limit.ts";
import { firstMessage, startWorker } from "../helpers/worker.ts";

const options = { skip: skipUnlessPrivileged(), timeout: 120_000 };

const NLM_F_ACK = 0x4;
const NLM_F_DUMP = 0x300;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_DUMP_FILTERED = 0x20;

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Sends requests as one datagram, however many they are. */
function sendAtOnce(channel: Channel, requests: readonly Request[], flags = NLM_F_ACK): void {
  const first = channel.number(requests.length);
  requests.forEach((request, index) => {
    const bytes = request.message.finish();
    assert.equal(fillLinks(channel, request, bytes), undefined);
    channel.append(bytes, flags, first + index);
  });
  channel.send();
}

/** What a socket has received: the codes of the answers, and of what ended them. */
function codesOf(channel: Channel): string[] {
  const codes: string[] = [];
  try {
    while (
      channel.receive(true, (type, _flags, _sequence, start) => {
        const result = type === 2 || type === 3 ? channel.reader.i32(start) : 0;
        if (type < 16) codes.push(result === 0 ? "0" : errnoName(result));
      })
    );
  } catch (error) {
    codes.push(isNetNSError(error) ? `${error.syscall} ${error.code}` : String(error));
  }
  return codes;
}

/** A query that takes 50 us to read an object, so that a connection lets others have their turn. */
function slowly<T>(query: Query<T>): Query<T> {
  const read: typeof query.read = (...message) => {
    const until = performance.now() + 0.05;
    while (performance.now() < until);
    return query.read(...message);
  };
  return { ...query, read };
}

/** A test with a namespace that has a link ifb0, a connection and a socket. */
function onKernel(
  name: string,
  run: (ofTest: {
    namespace: Namespace;
    connection: Connection;
    socket: NetlinkSocket;
    channel: Channel;
  }) => Promise<void>,
): void {
  leakChecked(name, options, () =>
    inNamespace(async (namespace) => {
      const connection = connectTo(namespace);
      const socket = openNetlinkSocket(namespace);
      try {
        await connection.request(addLink("ifb0"));
        await run({ namespace, connection, socket, channel: new Channel(socket) });
      } finally {
        connection.close();
        socket.close();
      }
    }));
}

/** A test with two namespaces. */
function between(name: string, run: (ns: NetNS, other: NetNS) => Promise<void>): void {
  leakChecked(name, options, async () => {
    const [ns, other] = [NetNS.create(), NetNS.create()];
    try {
      await run(ns, other);
    } finally {
      await ns.close();
      await other.close();
    }
  });
}

onKernel(
  "of 400 requests sent at once acknowledgements are lost; a connection sends 200 at once",
  async ({ connection, channel }) => {
    sendAtOnce(channel, numbers(400).map((host) => addAddress("ifb0", host)));
    // The loss is told first, and what was queued before it then.
    assert.deepEqual(codesOf(channel), ["recv ENOBUFS"]);
    const codes = codesOf(channel);
    assert.ok(codes.length > 200 && codes.length < 400, `${codes.length} acknowledgements`);
    assert.deepEqual(new Set(codes), new Set(["0"]));
    const all = numbers(800).map((host) => connection.request(addAddress("ifb0", host)));
    const results = await Promise.allSettled(all);
    const made = results.map((result) => result.status === "fulfilled" ? "0" : result.reason.code);
    // What was not acknowledged was carried out.
    assert.deepEqual(made, numbers(800).map((host) => host < 400 ? "EEXIST" : "0"));
  },
);

onKernel(
  "more bytes than the kernel takes at once are sent in parts by a connection",
  async ({ connection, socket, channel }) => {
    const names = numbers(150).map((index) => `x${index}`);
    await Promise.all(names.map((name) => connection.request(addLink(name))));
    const altnamesOf = (name: string) => {
      const altnames = numbers(20).map((index) => `${name}-${index}-`.padEnd(100, "x"));
      return addAltnames(socket.linkIndex(name)!, altnames);
    };
    const requests = names.map(altnamesOf);
    const bytes = requests.reduce((sum, { message }) => sum + message.length, 0);
    assert.ok(bytes > 300_000, `${bytes} bytes`);
    assert.throws(() => sendAtOnce(channel, requests), { code: "EMSGSIZE", syscall: "send" });
    await Promise.all(names.map((name) => connection.request(altnamesOf(name))));
    const last = await connection.query(getLink("x149-19-".padEnd(100, "x")));
    assert.equal(last[0]!.name, "x149");
  },
);

onKernel(
  "an answer that was cut is an error, and is never taken for a whole one",
  async ({ connection, socket, channel }) => {
    for (const part of numbers(19)) {
      const names = numbers(25).map((index) => `${part}-${index}-`.padEnd(120, "x"));
      await connection.request(addAltnames("ifb0", names));
    }
    sendAtOnce(channel, [getLink("ifb0")]);
    assert.throws(() => channel.receive(false, () => assert.fail("a part of it was read")), {
      code: "EMSGSIZE",
      syscall: "recv",
    });
    const before = socket.buffer.byteLength;
    const [link] = await connection.query(getLink("ifb0"));
    assert.ok(link!.length > 60_000 && link!.length > before, `${link!.length} after ${before}`);
    assert.ok(socket.buffer.byteLength > link!.length);
    assert.deepEqual(await connection.dump(listLinks()), ["lo", "ifb0"]);
  },
);

onKernel("one socket has one dump; a connection does several in turn", async (ofTest) => {
  const { connection, channel } = ofTest;
  await Promise.all(numbers(1000).map((host) => connection.request(addAddress("ifb0", host))));
  sendAtOnce(channel, [listAddresses(), listAddresses()], NLM_F_DUMP);
  assert.deepEqual(codesOf(channel).sort(), ["0", "EBUSY"]);
  const lists = await Promise.all(numbers(5).map(() => connection.dump(slowly(listAddresses()))));
  assert.deepEqual(lists.map(({ length }) => length), numbers(5).map(() => 1001));
});

onKernel("answers that nobody waits for any more are passed over", async (ofTest) => {
  const { namespace, socket, channel } = ofTest;
  channel.number(1000);
  sendAtOnce(channel, [addLink("ifb0"), addLink("ifb0"), getLink("ifb0")]);
  const connection = new Connection(() => socket, () => namespace.closedError());
  await connection.request(addLink("ifb1"));
  assert.equal((await connection.query(getLink("ifb1")))[0]!.name, "ifb1");
  sendAtOnce(channel, [addLink("ifb0")]);
  assert.deepEqual(await connection.dump(listLinks()), ["lo", "ifb0", "ifb1"]);
});

/** How often a dump was asked for, and whether the last one was interrupted. */
interface Attempts {
  count: number;
  interrupted: boolean;
}

/** Counts the dumps that go over a socket. */
function watched(socket: NetlinkSocket, attempts: Attempts): NetlinkSocket {
  const see = (_type: number, flags: number) => {
    if ((flags & NLM_F_DUMP_INTR) !== 0) attempts.interrupted = true;
  };
  return {
    port: socket.port,
    strict: socket.strict,
    get buffer() {
      return socket.buffer;
    },
    send(bytes, length) {
      attempts.count++;
      attempts.interrupted = false;
      socket.send(bytes, length);
    },
    receive(anySize) {
      const length = socket.receive(anySize);
      if (length > 0) visitFrames(new MessageReader(socket.buffer), length, see);
      return length;
    },
    linkIndex: (name) => socket.linkIndex(name),
    linkName: (index) => socket.linkName(index),
    close: () => socket.close(),
  };
}

/** Requires the error of a dump that was interrupted each time, with what it had. */
function requireInterrupted(error: unknown): undefined {
  assert.ok(isNetNSError(error), String(error));
  assert.equal(error.code, "ERR_NETNS_DUMP_INTERRUPTED");
  assert.ok(error.partial!.length >= 3000, `${error.partial!.length} of 3000`);
}

onKernel(
  "lists are whole while another thread changes what they list, or say that they are not",
  async ({ namespace, connection, socket }) => {
    const hosts = numbers(3000);
    await Promise.all(hosts.map((host) => connection.request(addAddress("ifb0", host))));
    const attempts: Attempts = { count: 0, interrupted: false };
    const lister = new Connection(() => watched(socket, attempts), () => namespace.closedError());
    const worker = startWorker(new URL("../fixtures/netlink_churn.ts", import.meta.url));
    const exited = once(worker, "exit");
    try {
      const begun = firstMessage(worker);
      worker.postMessage({ fd: namespace.fd });
      await begun;
      const end = performance.now() + timeLimit(60_000);
      let retried = 0;
      while (retried < 3 && performance.now() < end) {
        attempts.count = 0;
        const list = await lister.dump(listAddresses()).catch(requireInterrupted);
        if (list === undefined) continue;
        const found = list.filter((address) => address >>> 24 === 10).map((one) => one & 0xffffff);
        assert.deepEqual(found.sort((a, b) => a - b), hosts);
        assert.equal(attempts.interrupted, false);
        if (attempts.count > 1) retried++;
      }
      assert.equal(retried, 3);
      // Who takes longer than there is peace has no chance.
      worker.postMessage("no pause");
      let failed = false;
      while (!failed && performance.now() < end) {
        attempts.count = 0;
        failed = await lister.dump(slowly(listAddresses())).catch(requireInterrupted) === undefined;
        assert.equal(attempts.interrupted, failed);
      }
      assert.equal(attempts.count, 10);
    } finally {
      worker.postMessage("stop");
      await exited;
    }
  },
);

onKernel("the kernel heeds filters, as sockets are strict", async ({ namespace, connection }) => {
  for (const host of numbers(3)) await connection.request(addAddress("ifb0", host));
  const heeded: boolean[] = [];
  const filtered = () => {
    const query = listAddresses(1);
    const read = (...[reader, type, start, end, flags]: Parameters<typeof query.read>) => {
      heeded.push((flags & NLM_F_DUMP_FILTERED) !== 0);
      return query.read(reader, type, start, end, flags);
    };
    return { ...query, read };
  };
  assert.deepEqual(await connection.dump(filtered()), [0x7f000001]);
  assert.deepEqual(heeded.splice(0), [true]);
  const lax = openListeningSocket(namespace, { groups: 0 });
  assert.equal(setOption(lax.fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 0), 0);
  const other = new Connection(() => lax, () => namespace.closedError());
  assert.equal((await other.dump(filtered())).length, 4);
  assert.deepEqual(new Set(heeded), new Set([false]));
  other.close();
});

onKernel("only one socket of a process has its id as port", async ({ namespace, socket }) => {
  const others = numbers(3).map(() => openNetlinkSocket(namespace));
  const ports = [socket, ...others].map(({ port }) => port);
  assert.equal(new Set(ports).size, 4);
  assert.ok(ports.some((port) => port >= 2 ** 31), ports.join());
  for (const one of others) {
    const connection = new Connection(() => one, () => namespace.closedError());
    assert.deepEqual(await connection.dump(listLinks()), ["lo", "ifb0"]);
    connection.close();
  }
});

between("links have names of any length", async (ns) => {
  const names = numbers(15).map((index) => "abcdefghijklmno".slice(0, index + 1));
  for (const name of names) {
    assert.equal((await ns.link.add({ kind: "ifb", name, alias: name })).name, name);
  }
  const links = (await ns.link.list({ kind: "ifb" })).map(({ name, alias }) => [name, alias]);
  assert.deepEqual(links, names.map((name) => [name, name]));
});

between("a wrong attribute is found in a message behind others of one datagram", async (ns) => {
  const within = "IFLA_LINKINFO/IFLA_INFO_DATA";
  const tooLarge = { type: 1, data: Uint8Array.of(0, 0, 0, 1), within };
  const vxlan: string = "vxlan";
  const [one, bad, two] = await Promise.allSettled([
    ns.link.add({ kind: "ifb", name: "x0" }),
    ns.link.add({ kind: vxlan, name: "x1", attributes: [tooLarge] }),
    ns.link.add({ kind: "ifb", name: "x2" }),
  ]);
  assert.deepEqual([one, two].map((result) => result!.status), ["fulfilled", "fulfilled"]);
  assert.ok(bad!.status === "rejected" && isNetNSError(bad!.reason));
  const { code, op, extack } = bad!.reason;
  assert.deepEqual([code, op], ["ERANGE", "link add x1"]);
  assert.equal(extack?.attribute, `${within}/IFLA_VXLAN_ID`);
});

between("a kind that the kernel does not know is told as such", async (ns) => {
  const kind: string = "no-such-kind";
  await assert.rejects(ns.link.add({ kind, name: "x0", attributes: [] }), {
    code: "EOPNOTSUPP",
    message: "link add x0 failed with EOPNOTSUPP: Unknown device type",
    hint: /^the kernel does not know this kind of link: .*modprobe/,
  });
});

between("an errno of an acknowledgement that sockets have, too, is the request's", async (ns) => {
  const { index } = await ns.link.add({ kind: "ifb", name: "x0" });
  await ns.link.set("x0", { mtu: 1 });
  const address = { dev: "x0", address: "10.0.0.1/24" };
  const results = await Promise.allSettled([ns.addr.add(address), ns.link.get("x0")]);
  const [refused, got] = results;
  assert.ok(refused.status === "rejected" && isNetNSError(refused.reason));
  const { code, syscall, hint } = refused.reason;
  assert.deepEqual([code, syscall], ["ENOBUFS", "RTM_NEWADDR"]);
  assert.match(hint!, /mtu of the link is below 68/);
  assert.ok(got.status === "fulfilled" && got.value.index === index);
});

between(
  "a link goes to a namespace whose handle is being closed, or nowhere",
  async (ns, other) => {
    await ns.link.add({ kind: "ifb", name: "x0" });
    const there = NetNS.fromFd(other.fd);
    const paired = ns.link.add({ kind: "veth", name: "v0", peer: { name: "v1", netns: there } });
    const moved = ns.link.set("x0", { netns: there });
    const refused = assert.rejects(moved, { code: "ERR_NETNS_CLOSED" });
    await Promise.all([there.close(), paired, refused]);
    assert.equal((await other.link.get("v1")).kind, "veth");
    assert.equal((await ns.link.get("x0")).kind, "ifb");
  },
);

between("a process id means the namespace of that process", async (ns, other) => {
  const sleeping = other.spawn("sleep", ["600"]);
  try {
    await once(sleeping, "spawn");
    await ns.link.add({ kind: "ifb", name: "x0" });
    await ns.link.set("x0", { netns: sleeping.pid! });
    assert.equal((await other.link.get("x0")).kind, "ifb");
  } finally {
    sleeping.kill("SIGKILL");
    await once(sleeping, "close");
  }
});

between("a link that is told two namespaces is refused", async (ns, other) => {
  const IFLA_NET_NS_PID = 19;
  const pid = new Uint8Array(new Uint32Array([1]).buffer);
  const attributes = [{ type: IFLA_NET_NS_PID, data: pid }];
  await assert.rejects(ns.link.add({ kind: "ifb", name: "x0", netns: other, attributes }), {
    code: "EINVAL",
    message: /: multiple netns identifying attributes specified$/,
  });
});

between("a link that moves goes down, has no addresses, and the event says where", async (
  ns,
  other,
) => {
  await ns.link.add({ kind: "ifb", name: "x0", up: true });
  await ns.addr.add({ dev: "x0", address: "10.0.0.1/24" });
  await other.link.add({ kind: "ifb", name: "y0" });
  const taken = (await other.link.get("y0")).index;
  assert.equal((await ns.link.get("x0")).index, taken);
  const events = ns.monitor({ groups: ["link"] });
  await ns.link.set("x0", { netns: other });
  const { index, up } = await other.link.get("x0");
  assert.deepEqual([index === taken, up], [false, false]);
  assert.deepEqual(await other.addr.list({ dev: "x0" }), []);
  const nsid = await ns.nsid.get(other);
  for await (const event of events) {
    if (event.type !== "del") continue;
    assert.deepEqual([event.link.newNetnsid, event.link.newIfindex], [nsid, index]);
    break;
  }
  assert.notEqual(nsid, undefined);
});

between("a pair across namespaces gives the other one an id", async (ns, other) => {
  assert.equal(await ns.nsid.get(other), undefined);
  const peer = { name: "v1", netns: other };
  const { linkNetnsid } = await ns.link.add({ kind: "veth", name: "v0", peer });
  assert.equal(await ns.nsid.get(other), linkNetnsid);
  await assert.rejects(ns.nsid.set(other, 7), {
    code: "EEXIST",
    message: /: Peer netns already has a nsid assigned$/,
  });
  const third = NetNS.create();
  await ns.nsid.set(third, 7);
  await ns.link.set("v0", { netns: third });
  assert.equal(await ns.nsid.get(third), 7);
  await third.close();
});

between("a monitor is told of its own namespace only", async (ns, other) => {
  await ns.nsid.set(other, 1);
  const events = ns.monitor({ groups: ["link"] });
  await other.link.add({ kind: "ifb", name: "there" });
  await ns.link.add({ kind: "ifb", name: "here" });
  for await (const event of events) {
    assert.ok(event.type !== "overrun" && event.link.name === "here");
    break;
  }
});

leakChecked("links are asked for without the counters of IPv6", options, async () => {
  const RTEXT_FILTER_SKIP_STATS = [8, 0, 29, 0, 8, 0, 0, 0];
  const { netlink, sent } = fakeNetlink();
  await netlink.link.list();
  await netlink.link.get(1).catch(() => {});
  for (const { bytes } of sent()) assert.deepEqual([...bytes.slice(32)], RTEXT_FILTER_SKIP_STATS);
  assert.equal(sent().length, 2);
  const ns = NetNS.create({ loopback: true });
  const { attributes = [] } = await ns.link.get("lo");
  assert.deepEqual(attributes, []);
  await ns.close();
});
