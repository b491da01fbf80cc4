import assert from "node:assert/strict";
import test from "node:test";
import { isNetNSError, NetNSError } from "../../src/errors.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { Channel } from "../../src/netlink/channel.ts";
import { Connection } from "../../src/netlink/connection.ts";
import type { Query, Request } from "../../src/netlink/request.ts";
import {
  ack,
  datagram,
  done,
  type FakeKernel,
  FakeSocket,
  frame,
  object,
  type Received,
  type SentMessage,
} from "../helpers/fake_socket.ts";
import { timeLimit } from "../helpers/time_limit.ts";

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
const EEXIST = -17;
const NLM_F_ACK = 4;

/** A connection to a kernel, and the sockets that it opened. */
function connect(
  kernel: FakeKernel,
): { connection: Connection; sockets: FakeSocket[]; links: Map<string, number> } {
  const sockets: FakeSocket[] = [];
  const links = new Map<string, number>();
  const connection = new Connection(() => {
    const socket = new FakeSocket(kernel);
    links.forEach((index, name) => socket.links.set(name, index));
    sockets.push(socket);
    return socket;
  }, () => new NetNSError("closed", { code: "ERR_NETNS_CLOSED" }));
  return { connection, sockets, links };
}

/** A request whose only content is a number. */
function request(value: number, type: number = RTM_NEWADDR): Request {
  return { message: new MessageWriter(type, 0).u32(value), op: `request ${value}` };
}

/** A request that names a link; the index is the content. */
function about(link: string, type: number = RTM_NEWADDR): Request {
  return { message: new MessageWriter(type, 0).link(link, "dev"), op: `use ${link}` };
}

function valueOf(message: SentMessage): number {
  return new DataView(message.bytes.buffer).getUint32(16, true);
}

/** Gets numbers. */
function query(type: number = RTM_GETLINK): Query<number> {
  return {
    message: new MessageWriter(type, 0),
    op: "list",
    read: (reader, _type, start) => reader.u32(start),
  };
}

const acknowledge: FakeKernel = (messages) => messages.map((one) => ack(one));

function refused(
  results: readonly PromiseSettledResult<unknown>[],
): { index: number; code: string }[] {
  return results.flatMap((result, index) =>
    result.status === "rejected" ? [{ index, code: (result.reason as NetNSError).code }] : []
  );
}

test("requests of one tick travel together, 200 at a time, each with its own answer", async () => {
  let outstanding = 0;
  const { connection, sockets } = connect((messages) => {
    outstanding = Math.max(outstanding, messages.length);
    return messages.map((one) => ack(one, valueOf(one) % 100 === 7 ? EEXIST : 0));
  });
  const results = await Promise.allSettled(
    Array.from({ length: 450 }, (_, value) => connection.request(request(value))),
  );
  assert.deepEqual(
    refused(results),
    [7, 107, 207, 307, 407].map((index) => ({
      index,
      code: "EEXIST",
    })),
  );
  assert.deepEqual(sockets.map(({ sent }) => sent.map(({ length }) => length)), [[200, 200, 50]]);
  assert.equal(outstanding, 200);
  connection.close();
});

test("a send has no more bytes than the kernel takes", async () => {
  const { connection, sockets } = connect(acknowledge);
  const large = () => ({
    message: new MessageWriter(RTM_NEWADDR, 0).bytes(new Uint8Array(50_001)),
    op: "large",
  });
  await Promise.all([large(), large(), large()].map((one) => connection.request(one)));
  assert.deepEqual(sockets[0]!.sent.map(({ length }) => length), [2, 1]);
  const sizes = sockets[0]!.sent.flat().map(({ bytes }) => bytes.byteLength);
  assert.deepEqual(sizes, [50_017, 50_017, 50_017]);
});

test("answers may come in any order, in one datagram or many", async () => {
  const { connection } = connect((messages) => {
    const acks = messages.map((one) => ack(one, valueOf(one) === 1 ? EEXIST : 0)).reverse();
    return [datagram(acks[0]!, acks[1]!), acks[2]!];
  });
  const requests = [0, 1, 2].map((value) => connection.request(request(value)));
  assert.deepEqual(refused(await Promise.allSettled(requests)), [{ index: 1, code: "EEXIST" }]);
});

test("requests say what answer they want", async () => {
  const { connection, sockets } = connect((messages) =>
    messages.flatMap((one) => (one.flags & 0x300) === 0x300 ? [done(one)] : [ack(one)])
  );
  await connection.request({ message: new MessageWriter(RTM_NEWLINK, 0x600), op: "" });
  await connection.query(query());
  await connection.dump(query());
  assert.deepEqual(sockets[0]!.sent.flat().map(({ flags }) => flags), [0x605, 0x5, 0x301]);
});

test("messages of other sequence numbers and ports are not answers", async () => {
  const { connection } = connect((messages) => {
    const [first] = messages as [SentMessage];
    const stale = { ...first, sequence: first.sequence - 1 };
    const later = { ...first, sequence: first.sequence + 1 };
    return [
      ack(stale, EEXIST),
      ack(later, EEXIST),
      datagram(frame(1, first.sequence), frame(5, first.sequence)),
      frame(2, first.sequence, { port: 1, body: (writer) => writer.u32(EEXIST >>> 0) }),
      frame(RTM_NEWLINK, 0, { port: 0 }),
      ack(first),
      ack(first, EEXIST),
    ];
  });
  for (let turn = 0; turn < 3; turn++) await connection.request(request(turn));
});

test("an answer that takes a while is waited for", async () => {
  const { connection, sockets } = connect((messages) => {
    setTimeout(() => sockets[0]!.deliver(...messages.map((one) => ack(one))), 20);
    return [];
  });
  await Promise.all([connection.request(request(1)), connection.request(request(2))]);
});

test("the last message of a datagram alone is acknowledged", async () => {
  const { connection, sockets } = connect(acknowledge);
  const settled: number[] = [];
  await Promise.all([0, 1, 2].map(async (value) => {
    const message = new MessageWriter(RTM_NEWADDR, NLM_F_ACK).u32(value);
    await connection.request({ message, op: `request ${value}` });
    settled.push(value);
  }));
  const [sent] = sockets[0]!.sent;
  assert.deepEqual(sent!.map(({ flags }) => flags & NLM_F_ACK), [0, 0, NLM_F_ACK]);
  assert.deepEqual(settled, [0, 1, 2]);
});

test("when answers were dropped, those who wait are told, and the next request works", async () => {
  let turn = 0;
  const { connection, sockets } = connect((messages) =>
    turn++ === 0
      ? [ack(messages[0]!, EEXIST), "overrun", ack(messages[2]!)]
      : acknowledge(messages, none)
  );
  const results = await Promise.allSettled(
    [0, 1, 2].map((value) => connection.request(request(value))),
  );
  assert.deepEqual(refused(results), [
    { index: 0, code: "EEXIST" },
    ...[1, 2].map((index) => ({ index, code: "ENOBUFS" })),
  ]);
  const { reason } = results[1] as PromiseRejectedResult;
  assert.equal(reason.syscall, "recv");
  assert.match(reason.hint, /is not known/);
  await connection.request(request(3));
  assert.deepEqual(sockets.map(({ closed }) => closed), [true, false]);
});

const none = new Uint8Array();

test("an overrun that a message tells is one too", async () => {
  const { connection } = connect((messages) => [frame(4, messages[0]!.sequence)]);
  await assert.rejects(connection.request(request(0)), { code: "ENOBUFS", syscall: "recv" });
});

test("ENOBUFS of an acknowledgement is the request's own", async () => {
  const { connection, sockets } = connect((messages) => messages.map((one) => ack(one, -105)));
  await assert.rejects(connection.request(request(0)), {
    code: "ENOBUFS",
    syscall: "RTM_NEWADDR",
    errno: -105,
  });
  assert.equal(sockets[0]!.closed, false);
});

test("what the socket throws is told with what was attempted", async () => {
  const failed = new NetNSError("recv failed", { code: "ENOMEM", syscall: "recv", errno: -12 });
  const { connection } = connect(() => [failed]);
  await assert.rejects(connection.request(request(9)), {
    message: "request 9 failed with ENOMEM",
    code: "ENOMEM",
    syscall: "recv",
    op: "request 9",
    cause: failed,
  });
});

test("without a socket every request fails", async () => {
  const failure = new NetNSError("no socket", { code: "EMFILE", syscall: "socket" });
  const connection = new Connection(() => {
    throw failure;
  }, () => failure);
  const results = await Promise.allSettled([
    connection.request(request(1)),
    connection.dump(query()),
    connection.iterate(query()).next(),
  ]);
  assert.deepEqual(refused(results).map(({ code }) => code), ["EMFILE", "EMFILE", "EMFILE"]);
});

test("names of links are looked up as the message is sent", async () => {
  const { connection, sockets, links } = connect(acknowledge);
  links.set("v0", 7);
  const results = await Promise.allSettled([
    connection.request(about("v0")),
    connection.request(about("nope")),
    connection.request(about("v0")),
  ]);
  assert.deepEqual(sockets[0]!.sent.map((sent) => sent.map(valueOf)), [[7, 7]]);
  assert.deepEqual(refused(results), [{ index: 1, code: "ENODEV" }]);
  const { reason } = results[1] as PromiseRejectedResult;
  assert.equal(reason.message, 'use nope failed with ENODEV: dev is "nope"');
  assert.equal(reason.hint, 'the namespace has no link "nope"');
});

test("names are looked up after the messages before that make or rename links", async () => {
  const { connection, sockets } = connect((messages) => {
    for (const { type } of messages) if (type === RTM_NEWLINK) sockets[0]!.links.set("new", 9);
    return messages.map((one) => ack(one));
  });
  await Promise.all([
    connection.request(request(1)),
    connection.request(request(2, RTM_NEWLINK)),
    connection.request(request(3)),
    connection.request(about("new")),
    connection.request(about("new")),
    connection.request(about("new", RTM_NEWLINK)),
    connection.request(about("new", 17)),
  ]);
  assert.deepEqual(sockets[0]!.sent.map((sent) => sent.map(valueOf)), [[1, 2, 3], [9, 9, 9], [9]]);
});

for (const [name, type] of [["eth0", 3], ["a-rather-long-alternative-name", 53]] as const) {
  test(`the kernel is asked for the link ${name} by a message, and by no ioctl`, async () => {
    const { connection, sockets } = connect((messages) =>
      messages.flatMap((one) => {
        if (one.type !== RTM_GETLINK) return [ack(one)];
        assert.equal(one.bytes[42], type);
        const found = new TextDecoder().decode(one.bytes).includes(`${name}\0`);
        const reply = frame(RTM_NEWLINK, one.sequence, {
          body: (writer) => writer.u32(0).u32(33).u32(0).u32(0),
        });
        return found ? [reply, ack(one)] : [ack(one, -19)];
      })
    );
    await connection.request(about(name));
    assert.deepEqual(sockets[0]!.sent.map((sent) => sent.map(({ type }) => type)), [[18], [20]]);
    assert.equal(valueOf(sockets[0]!.sent[1]![0]!), 33);
    await assert.rejects(connection.request(about(`${name}s`)), { code: "ENODEV" });
  });
}

test("a name that was found is asked for again once another link may have it", async () => {
  const lookups: string[] = [];
  const { connection, sockets } = connect((messages) =>
    messages.flatMap((one) => {
      if (one.type !== RTM_GETLINK) return [ack(one)];
      lookups.push(new TextDecoder().decode(one.bytes.subarray(44)));
      const reply = frame(RTM_NEWLINK, one.sequence, {
        body: (writer) => writer.u32(0).u32(lookups.length).u32(0).u32(0),
      });
      return [reply, ack(one)];
    })
  );
  await connection.request(about("v0"));
  const [socket] = sockets;
  const names = new Map([[1, "v0"]]);
  socket!.linkName = (index) => names.get(index);
  await connection.request(about("v0"));
  assert.equal(lookups.length, 1);
  names.set(1, "renamed");
  names.set(2, "v0");
  await connection.request(about("v0"));
  await connection.request(about("v0"));
  assert.equal(lookups.length, 2);
  const uses = socket!.sent.flat().filter(({ type }) => type !== RTM_GETLINK);
  assert.deepEqual(uses.map(valueOf), [1, 1, 2, 2]);
});

test("a query gives what comes before the acknowledgement", async () => {
  const { connection, sockets } = connect((messages) =>
    messages.flatMap((one) => [object(one, 1, 0), object(one, 2, 0), ack(one)])
  );
  assert.deepEqual(await connection.query(query()), [1, 2]);
  const many = await Promise.all(Array.from({ length: 60 }, () => connection.query(query())));
  assert.deepEqual(many.at(-1), [1, 2]);
  // Replies are larger than acknowledgements.
  assert.deepEqual(sockets[0]!.sent.map(({ length }) => length), [1, 25, 25, 10]);
});

test("what a reader throws is the failure of its own request", async () => {
  const { connection, sockets } = connect((messages) =>
    messages.flatMap((one) => [object(one, 1, 0), ack(one)])
  );
  const broken = { ...query(), read: () => assert.fail("unreadable") };
  const results = await Promise.allSettled([
    connection.query(query()),
    connection.query(broken),
    connection.query(query()),
  ]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.match(String((results[1] as PromiseRejectedResult).reason), /unreadable/);
  assert.equal(sockets[0]!.closed, false);
});

test("closing rejects what waits and what comes later, and closes the socket", async () => {
  const { connection, sockets } = connect(() => []);
  const waiting = [
    connection.request(request(1)),
    connection.dump(query()),
    connection.request(request(2)),
  ];
  const settled = Promise.allSettled(waiting);
  await new Promise((resolve) => setTimeout(resolve, 5));
  connection.close();
  connection.close();
  assert.deepEqual(
    refused(await settled),
    [0, 1, 2].map((index) => ({ index, code: "ERR_NETNS_CLOSED" })),
  );
  await assert.rejects(connection.request(request(3)), { code: "ERR_NETNS_CLOSED" });
  await assert.rejects(connection.iterate(query()).next(), { code: "ERR_NETNS_CLOSED" });
  assert.deepEqual(sockets.map(({ closed }) => closed), [true]);
});

test("namespaces that a message holds are let go, whatever comes of it", async () => {
  let held = 0;
  const holding = (value: number, type = RTM_NEWADDR): Request => {
    const message = new MessageWriter(type, 0, () => {
      held++;
      return { fd: 3, release: () => held-- };
    });
    return { message: message.u32(value).namespace("blue", "netns"), op: "hold" };
  };
  const { connection } = connect((messages) => {
    assert.ok(held > 0);
    return messages.flatMap((one): Received[] => {
      switch (valueOf(one)) {
        case 0:
          return [ack(one)];
        case 1:
          return [ack(one, EEXIST)];
        case 2:
          return [done(one)];
        case 3:
          return ["overrun"];
        default:
          return [];
      }
    });
  });
  await connection.request(holding(0));
  await assert.rejects(connection.request(holding(1)));
  await connection.dump({ ...query(), ...holding(2) });
  await assert.rejects(connection.request(holding(3)));
  const unknownLink = holding(0);
  unknownLink.message.link("nope", "dev");
  await assert.rejects(connection.request(unknownLink), { code: "ENODEV" });
  for await (const _ of connection.iterate({ ...query(), ...holding(2) })) assert.fail();
  assert.equal(held, 0);
  const waiting = assert.rejects(connection.request(holding(4)));
  assert.equal(held, 1);
  connection.close();
  await waiting;
  await assert.rejects(connection.request(holding(0)));
  assert.equal(held, 0);
});

test("sequence numbers are in a row, and begin anew before they are too large", () => {
  const channel = new Channel(new FakeSocket(acknowledge));
  assert.deepEqual([channel.number(2), channel.number(1), channel.number(1)], [1, 3, 4]);
  assert.equal(channel.number(0xffff_fff0), 5);
  assert.equal(channel.number(11), 0xffff_fff5);
  assert.deepEqual([channel.number(1), channel.number(1)], [1, 2]);
});

test("a kernel that does not answer is not waited for for ever", async () => {
  let answers = false;
  const { connection, sockets } = connect((messages) => answers ? acknowledge(messages, none) : []);
  await assert.rejects(connection.request(request(1)), {
    message: "request 1 failed with ETIMEDOUT",
    code: "ETIMEDOUT",
  });
  answers = true;
  await connection.request(request(2));
  assert.deepEqual(sockets.map(({ closed }) => closed), [true, false]);
});

test("an error shows where the request was made", async () => {
  const { connection } = connect((messages) => messages.map((one) => ack(one, EEXIST)));
  async function makesTheRequest(): Promise<void> {
    await connection.request(request(1));
  }
  const error = await makesTheRequest().catch((error: unknown) => error);
  assert.ok(isNetNSError(error));
  assert.match(error.stack!, /makesTheRequest|netlink_connection/);
});

test("what takes several requests is done before what is asked later", async () => {
  const { connection, sockets } = connect(acknowledge);
  const turn = (first: number) =>
    connection.inTurn(async (own) => {
      await own.request(request(first));
      await new Promise((resolve) => setTimeout(resolve, 5));
      await own.inTurn((inner) => inner.request(request(first + 1)));
      await own.request(request(first + 2));
      return first;
    });
  const results = await Promise.all([
    connection.request(request(0)),
    turn(1),
    connection.request(request(4)),
    turn(5),
    connection.request(request(8)),
    connection.request(request(9)),
  ]);
  assert.deepEqual(results, [undefined, 1, undefined, 5, undefined, undefined]);
  const values = sockets[0]!.sent.map((sent) => sent.map(valueOf));
  assert.deepEqual(values, [[0], [1], [2], [3], [4], [5], [6], [7], [8, 9]]);
  connection.close();
});

test("what fails in its turn does not keep what was asked later", async () => {
  const { connection } = connect(acknowledge);
  const failed = connection.inTurn(() => Promise.reject(new Error("no use")));
  const later = connection.request(request(1));
  await assert.rejects(failed, { message: "no use" });
  await later;
  connection.close();
});

test("a connection that is closed rejects turns that are on and those that wait", async () => {
  const { connection } = connect(acknowledge);
  let go = (): void => {};
  const waited = new Promise<void>((resolve) => go = resolve);
  let begun = false;
  const results = Promise.allSettled([
    connection.inTurn(async (own) => {
      begun = true;
      await waited;
      await own.request(request(1));
    }),
    connection.inTurn(async (own) => {
      await waited;
      await own.inTurn((inner) => inner.request(request(5)));
    }),
    connection.request(request(2)),
    connection.inTurn((own) => own.request(request(3))),
  ]);
  while (!begun) await new Promise((resolve) => setTimeout(resolve, 1));
  connection.close();
  go();
  const codes = refused(await results).map(({ code }) => code);
  assert.deepEqual(codes, Array.from({ length: 4 }, () => "ERR_NETNS_CLOSED"));
  await assert.rejects(connection.inTurn((own) => own.request(request(4))), {
    code: "ERR_NETNS_CLOSED",
  });
});

test("turns that end while the event loop has its turn do not keep what was asked later", async () => {
  const { connection } = connect((messages) => {
    // Long enough that others are due.
    for (const end = performance.now() + 20; performance.now() < end;);
    return messages.map((one) => ack(one));
  });
  const first = connection.inTurn((own) => own.inTurn((inner) => inner.request(request(1))));
  const later = Promise.all([
    connection.inTurn((own) => own.request(request(2))),
    connection.request(request(3)),
  ]);
  await first;
  const result = await Promise.race([
    later,
    new Promise((resolve) => setTimeout(resolve, timeLimit(5000), "never")),
  ]);
  assert.notEqual(result, "never");
  connection.close();
});
