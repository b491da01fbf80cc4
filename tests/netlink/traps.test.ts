/**
 * What goes wrong with rtnetlink(7) by its nature, as it happens on the kernel. Here is what goes
 * wrong with sockets, in traps_of_objects.test.ts (below: objects) with what they carry; this is
 * where each trap is tested:
 *
 * | trap                                                         | tests                               |
 * | ------------------------------------------------------------ | ----------------------------------- |
 * | T1 a socket stays in the namespace that it was made in       | connection                          |
 * | T2 attributes begin at multiples of four bytes               | objects; link_golden                |
 * | T3 an answer, then an acknowledgement; the latter alone      | unit/netlink_connection             |
 * | T4 answers to others come between                            | here; unit/netlink_connection       |
 * | T5 the end of a dump may be an error                         | connection; unit/netlink_dump       |
 * | T6 one dump a socket                                         | here; connection                    |
 * | T7 an answer may be larger than the usual buffer             | here; connection; large_link        |
 * | T8 recv(2) cuts, and does not say so                         | here                                |
 * | T9 ENOBUFS: dropped events; dropped acknowledgements         | monitor; here                       |
 * | T10 what is sent at once has a limit; an error stops nothing | here; connection                    |
 * | T11 dumps of what changes                                    | here; connection; unit/netlink_dump |
 * | T12 without strict checks filters are not heeded             | here; addr; route                   |
 * | T13 options of a kind are changed by RTM_NEWLINK only        | link                                |
 * | T14 the offset of a wrong attribute; errors without a text   | objects; unit/netlink_extack        |
 * | T15 a kind that the kernel does not know                     | objects; qdisc; unit/netlink_extack |
 * | T16 NLA_F_NESTED is needed, or is there, at times            | link_golden; link (altnames)        |
 * | T17 numbers in network byte order                            | link_golden; link_kinds             |
 * | T18 the port of a socket is the process id at most once      | here                                |
 * | T19 namespaces are descriptors and ids of the sender         | objects; unit/netlink_connection    |
 * | T20 one namespace a link                                     | objects                             |
 * | T21 what a move does to a link                               | objects; link                       |
 * | T22 a pair across namespaces in one message; the index there | link; unit/netlink_lower_link       |
 * | T23 such a pair gives ids to the namespaces                  | objects                             |
 * | T25 IFA_LOCAL, IFA_ADDRESS and IFA_FLAGS                     | addr; routing_golden                |
 * | T26 tables above 255                                         | route; rule; routing_golden         |
 * | T27 host bits of routes; rules that are there twice          | route; rule                         |
 * | T28 names that are too long or empty                         | link; unit/netlink_refused_input    |
 * | T29 ENOBUFS of an acknowledgement                            | objects; unit/netlink_connection    |
 * | T30 counters make answers large                              | objects                             |
 * | T31 ticks, and rate tables that need not be sent             | unit/traffic_control_input; qdisc   |
 * | T32 sockets that are open as their thread ends               | connection; monitor                 |
 *
 * In no test: T24, events of other namespaces, for which this library does not ask (in objects is
 * that it gets none), and T33, a probe that `ip` sends first: it is in recorded messages only.
 *
 * @module
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { AF_NETLINK, SOCK_RAW, SOL_SOCKET } from "../../ffi/constants.ts";
import { sockaddrNl } from "../../ffi/structs.ts";
import { errnoName, isNetNSError } from "../../src/errors.ts";
import { libc } from "../../src/libc.ts";
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
import { createSocket, setOption } from "../../src/sockets/socket.ts";
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

const SO_SNDBUFFORCE = 32;
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
      channel.receive((type, _flags, _sequence, start) => {
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
  async ({ connection, channel }) => {
    const names = numbers(150).map((index) => `x${index}`);
    await Promise.all(names.map((name) => connection.request(addLink(name))));
    const altnamesOf = (name: string) => {
      const altnames = numbers(20).map((index) => `${name}-${index}-`.padEnd(100, "x"));
      return addAltnames(channel.linkIndex(name)!, altnames);
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
  "an answer that is larger than the part of a dump is read whole",
  async ({ connection }) => {
    for (const part of numbers(19)) {
      const names = numbers(25).map((index) => `${part}-${index}-`.padEnd(120, "x"));
      await connection.request(addAltnames("ifb0", names));
    }
    const [link] = await connection.query(getLink("ifb0"));
    assert.ok(link!.length > 60_000, `${link!.length} bytes`);
    assert.deepEqual(await connection.dump(listLinks()), ["lo", "ifb0"]);
  },
);

onKernel("a datagram that was cut is an error, and is never taken for a whole one", (ofTest) => {
  const { namespace, socket, channel } = ofTest;
  // The kernel sends none as large; another socket may.
  const larger = new Uint8Array(socket.buffer.byteLength + 4);
  new DataView(larger.buffer).setUint32(0, larger.byteLength, true);
  const sender = createSocket(namespace, AF_NETLINK, SOCK_RAW);
  try {
    assert.equal(setOption(sender, SOL_SOCKET, SO_SNDBUFFORCE, 2 * larger.byteLength), 0);
    const { bytes, view } = sockaddrNl();
    view.setUint32(4, socket.port, true);
    assert.equal(libc().connect(sender, bytes, bytes.byteLength), 0);
    assert.equal(libc().send(sender, larger, larger.byteLength, 0), larger.byteLength);
  } finally {
    libc().close(sender);
  }
  assert.throws(() => channel.receive(() => assert.fail("a part of it was read")), {
    code: "EMSGSIZE",
    syscall: "recv",
  });
  assert.deepEqual(codesOf(channel), []);
  return Promise.resolve();
});

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
    receive() {
      const length = socket.receive();
      if (length > 0) visitFrames(new MessageReader(socket.buffer), length, see);
      return length;
    },
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
      const start = performance.now();
      await lister.dump(listAddresses());
      // Peace for a whole list, also where that takes long.
      const pause = Math.max(10, 2 * (performance.now() - start));
      worker.postMessage({ fd: namespace.fd, pause });
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
