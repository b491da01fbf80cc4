import assert from "node:assert/strict";
import test from "node:test";
import { NetNSError } from "../../src/errors.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { Connection } from "../../src/netlink/connection.ts";
import type { Query } from "../../src/netlink/request.ts";
import {
  ack,
  datagram,
  done,
  type FakeKernel,
  FakeSocket,
  frame,
  object,
} from "../helpers/fake_socket.ts";

const NLM_F_MULTI = 0x2;
const NLM_F_DUMP_INTR = 0x10;

function connect(kernel: FakeKernel): { connection: Connection; sockets: FakeSocket[] } {
  const sockets: FakeSocket[] = [];
  const connection = new Connection(() => {
    const socket = new FakeSocket(kernel);
    sockets.push(socket);
    return socket;
  }, () => new NetNSError("closed", { code: "ERR_NETNS_CLOSED" }));
  return { connection, sockets };
}

function numbers(): Query<number> {
  return {
    message: new MessageWriter(18, 0),
    op: "link list",
    read: (reader, _type, start, end) => start + 4 <= end ? reader.u32(start) : undefined,
  };
}

async function collect<T>(objects: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of objects) found.push(one);
  return found;
}

/** Both ways to read a dump. */
const ways = {
  dump: (connection: Connection) => connection.dump(numbers()),
  iterate: (connection: Connection) => collect(connection.iterate(numbers())),
} as const;

for (const [name, read] of Object.entries(ways)) {
  test(`${name}: gives all objects up to the end`, async () => {
    const { connection } = connect(([one]) => [
      datagram(object(one!, 1), object(one!, 2)),
      datagram(object(one!, 3), frame(1, one!.sequence), done(one!)),
    ]);
    assert.deepEqual(await read(connection), [1, 2, 3]);
    connection.close();
  });

  test(`${name}: an object that the reader leaves out is not there`, async () => {
    const { connection } = connect(([one]) => [
      datagram(object(one!, 1), frame(16, one!.sequence, { flags: NLM_F_MULTI })),
      done(one!),
    ]);
    assert.deepEqual(await read(connection), [1]);
  });

  test(`${name}: the end may be empty`, async () => {
    const { connection } = connect(([one]) => [frame(3, one!.sequence)]);
    assert.deepEqual(await read(connection), []);
  });

  test(`${name}: the end may be an error with a text`, async () => {
    const { connection } = connect(([one]) => [
      object(one!, 1),
      frame(3, one!.sequence, {
        flags: 0x222,
        body(writer) {
          const start = writer.u32(-2 >>> 0).begin(1);
          writer.text("ipv4: FIB table does not exist").u8(0).end(start);
        },
      }),
    ]);
    await assert.rejects(read(connection), {
      message: "link list failed with ENOENT: ipv4: FIB table does not exist",
      code: "ENOENT",
      syscall: "RTM_GETLINK",
      extack: { message: "ipv4: FIB table does not exist" },
    });
  });

  test(`${name}: a refused dump is an error`, async () => {
    const { connection } = connect(([one]) => [ack(one!, -16)]);
    await assert.rejects(read(connection), { code: "EBUSY", op: "link list" });
  });

  test(`${name}: dropped messages are an error`, async () => {
    const { connection, sockets } = connect(([one]) => [object(one!, 1), "overrun"]);
    await assert.rejects(read(connection), { code: "ENOBUFS", syscall: "recv" });
    assert.equal(sockets[0]!.closed, true);
  });

  test(`${name}: what is no netlink message is an error`, async () => {
    const { connection, sockets } = connect(([one]) => [object(one!, 1).subarray(0, 15)]);
    await assert.rejects(read(connection), { code: "EBADMSG", op: "link list" });
    assert.equal(sockets[0]!.closed, true);
  });

  test(`${name}: what the reader throws ends it`, async () => {
    const { connection, sockets } = connect(([one]) => [object(one!, 1), done(one!)]);
    const broken = { ...numbers(), read: () => assert.fail("unreadable") };
    const reading = name === "dump" ? connection.dump(broken) : collect(connection.iterate(broken));
    await assert.rejects(reading, /unreadable/);
    assert.equal(sockets[0]!.closed, true);
  });
}

test("an interrupted dump is tried again", async () => {
  let attempt = 0;
  const { connection } = connect(([one]) => {
    attempt++;
    return attempt === 4 ? [object(one!, 4), done(one!)] : [
      object(one!, attempt, NLM_F_MULTI | (attempt === 1 ? NLM_F_DUMP_INTR : 0)),
      done(one!, 0, NLM_F_MULTI | (attempt > 1 ? NLM_F_DUMP_INTR : 0)),
    ];
  });
  assert.deepEqual(await connection.dump(numbers()), [4]);
  assert.equal(attempt, 4);
});

test("a dump that is always interrupted says so, and gives what it has", async () => {
  let attempt = 0;
  const { connection, sockets } = connect(([one]) => [
    object(one!, ++attempt),
    done(one!, 0, NLM_F_DUMP_INTR),
  ]);
  const error = await connection.dump(numbers()).then(() => assert.fail(), (error) => error);
  assert.ok(error instanceof NetNSError);
  assert.equal(error.code, "ERR_NETNS_DUMP_INTERRUPTED");
  assert.equal(attempt, 10);
  assert.deepEqual(error.partial, [10]);
  assert.equal(Object.keys(error).includes("partial"), false);
  assert.equal(sockets[0]!.closed, false);
});

test("an interrupted iteration says so after its last object", async () => {
  const { connection, sockets } = connect(([one]) => [
    object(one!, 1, NLM_F_MULTI | NLM_F_DUMP_INTR),
    datagram(object(one!, 2), done(one!)),
  ]);
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const one of connection.iterate(numbers())) seen.push(one);
  }, { code: "ERR_NETNS_DUMP_INTERRUPTED", op: "link list" });
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual(sockets.map(({ closed }) => closed), [true]);
});

test("requests and dumps are carried out one after the other", async () => {
  const { connection, sockets } = connect((messages) =>
    messages.flatMap((one) =>
      (one.flags & 0x300) === 0x300 ? [object(one, 1), done(one)] : [ack(one)]
    )
  );
  const plain = () => connection.request({ message: new MessageWriter(20, 0), op: "add" });
  await Promise.all([plain(), plain(), connection.dump(numbers()), plain(), ways.dump(connection)]);
  assert.deepEqual(
    sockets[0]!.sent.map((sent) => sent.map(({ type }) => type)),
    [[20, 20], [18], [20], [18]],
  );
});

test("an iteration reads no more than it is asked for", async () => {
  const { connection, sockets } = connect(([one]) => [
    datagram(object(one!, 1), object(one!, 2)),
    object(one!, 3),
    object(one!, 4),
    done(one!),
  ]);
  const objects = connection.iterate(numbers());
  assert.equal(sockets.length, 0);
  assert.deepEqual(await objects.next(), { done: false, value: 1 });
  assert.deepEqual(await Promise.all([objects.next(), objects.next(), objects.next()]), [
    { done: false, value: 2 },
    { done: false, value: 3 },
    { done: false, value: 4 },
  ]);
  assert.deepEqual(await objects.next(), { done: true, value: undefined });
  assert.deepEqual(await objects.next(), { done: true, value: undefined });
  assert.equal(sockets[0]!.closed, true);
});

test("an iteration has a socket of its own", async () => {
  const { connection, sockets } = connect((messages) =>
    messages.flatMap((one) =>
      (one.flags & 0x300) === 0x300 ? [object(one, 1), object(one, 2), done(one)] : [ack(one)]
    )
  );
  for await (const _ of connection.iterate(numbers())) {
    await connection.request({ message: new MessageWriter(20, 0), op: "add" });
    await connection.dump(numbers());
  }
  assert.deepEqual(sockets.map(({ closed }) => closed), [true, false]);
});

test("leaving an iteration closes its socket, by break, throw and return", async () => {
  const { connection, sockets } = connect(([one]) => [object(one!, 1), object(one!, 2)]);
  for await (const _ of connection.iterate(numbers())) break;
  await assert.rejects(async () => {
    for await (const one of connection.iterate(numbers())) throw new RangeError(`not ${one}`);
  }, RangeError);
  const objects = connection.iterate(numbers());
  await objects.next();
  await assert.rejects(objects.throw!(new SyntaxError("stop")), SyntaxError);
  assert.deepEqual(await objects.next(), { done: true, value: undefined });
  assert.deepEqual(sockets.map(({ closed }) => closed), [true, true, true]);
  const unused = connection.iterate(numbers());
  assert.deepEqual(await unused.return!(), { done: true, value: undefined });
  assert.deepEqual(await unused.next(), { done: true, value: undefined });
  assert.equal(sockets.length, 3);
});

test("an iteration that is disposed of closes its socket", async () => {
  const { connection, sockets } = connect(([one]) => [object(one!, 1), object(one!, 2)]);
  const objects = connection.iterate(numbers());
  await objects.next();
  assert.equal(sockets[0]!.closed, false);
  await objects[Symbol.asyncDispose]();
  assert.equal(sockets[0]!.closed, true);
  assert.deepEqual(await objects.next(), { done: true, value: undefined });
});

test("an iteration ends with its connection", async () => {
  const { connection, sockets } = connect(([one]) => [object(one!, 1), object(one!, 2)]);
  const objects = connection.iterate(numbers());
  await objects.next();
  connection.close();
  await assert.rejects(objects.next(), { code: "ERR_NETNS_CLOSED" });
  assert.deepEqual(await objects.next(), { done: true, value: undefined });
  assert.deepEqual(sockets.map(({ closed }) => closed), [true]);
});

test("a long dump leaves the event loop its turn", async () => {
  const { connection } = connect(([one]) => [
    ...Array.from({ length: 20 }, (_, value) => object(one!, value)),
    done(one!),
  ]);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const slow: Query<number> = {
    ...numbers(),
    read(reader, _type, start) {
      const end = performance.now() + 5;
      while (performance.now() < end);
      return reader.u32(start);
    },
  };
  await connection.dump(slow);
  const ofDump = turns;
  for await (const _ of connection.iterate({ ...slow, message: new MessageWriter(18, 0) }));
  clearInterval(timer);
  assert.ok(ofDump > 0);
  assert.ok(turns > ofDump);
});
