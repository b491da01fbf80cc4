import assert from "node:assert/strict";
import fc from "fast-check";
import test from "node:test";
import { isNetNSError, NetNSError } from "../../src/errors.ts";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { Connection } from "../../src/netlink/connection.ts";
import { visitFrames } from "../../src/netlink/frames.ts";
import {
  ack,
  datagram,
  done,
  FakeSocket,
  frame,
  object,
  type Received,
  type SentMessage,
} from "../helpers/fake_socket.ts";
import { goldenVectors } from "../helpers/golden.ts";

interface Visited {
  type: number;
  flags: number;
  sequence: number;
  port: number;
  start: number;
  end: number;
}

function frames(bytes: Uint8Array, length: number = bytes.byteLength): Visited[] {
  const visited: Visited[] = [];
  visitFrames(new MessageReader(bytes), length, (type, flags, sequence, port, start, end) => {
    visited.push({ type, flags, sequence, port, start, end });
  });
  return visited;
}

test("messages are visited in order, with what their header says", () => {
  const bytes = datagram(
    frame(16, 5, { flags: 2, port: 9, body: (writer) => writer.u8(1) }),
    frame(3, 5, { port: 9 }),
  );
  assert.deepEqual(frames(bytes), [
    { type: 16, flags: 2, sequence: 5, port: 9, start: 16, end: 17 },
    { type: 3, flags: 0, sequence: 5, port: 9, start: 36, end: 36 },
  ]);
  assert.deepEqual(frames(bytes, 17).length, 1);
  assert.deepEqual(frames(bytes, 0), []);
});

test("a message that is cut or has a wrong length is refused", () => {
  const bytes = datagram(object({ sequence: 1 } as SentMessage, 1));
  for (let length = 1; length < bytes.byteLength; length++) {
    assert.throws(() => frames(bytes, length), { name: "NetNSError", code: "EBADMSG" });
  }
  for (const length of [0, 1, 15, 21, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]) {
    const wrong = bytes.slice();
    new DataView(wrong.buffer).setUint32(0, length, true);
    assert.throws(() => frames(wrong), { name: "NetNSError", code: "EBADMSG" });
  }
});

test("every datagram that was recorded is whole", () => {
  let count = 0;
  for (const { cmd, rx } of goldenVectors) {
    for (const bytes of rx) {
      const visited = frames(bytes);
      assert.ok(visited.length > 0, cmd);
      count += visited.length;
    }
  }
  assert.ok(count > 300, `${count} messages`);
});

/** Requires that bytes are messages, or are refused as such; tells whether they are. */
function areFrames(bytes: Uint8Array): boolean {
  let visited: Visited[];
  try {
    visited = frames(bytes);
  } catch (error) {
    assert.ok(isNetNSError(error), String(error));
    assert.equal(error.code, "EBADMSG");
    return false;
  }
  let expected = 0;
  for (const { start, end } of visited) {
    assert.equal(start, expected + 16);
    assert.ok(end >= start && end <= bytes.byteLength);
    expected = (end + 3) & ~3;
  }
  assert.ok(expected >= bytes.byteLength);
  return true;
}

test("arbitrary bytes are messages or refused, never over-read, never endless", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      areFrames(bytes);
    }),
    { numRuns: 20_000 },
  );
});

/** Recorded datagrams with some bytes changed, and perhaps cut. */
function mutated(recorded: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 3, 4, 15, 16, 17, 127, 128, 255));
  return fc.tuple(fc.constantFrom(...recorded), fc.array(change, { maxLength: 8 }), fc.nat())
    .map(([original, changes, cut]) => {
      const bytes = original.slice();
      for (const [at, value] of changes) bytes[at % bytes.byteLength] = value;
      return cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.byteLength + 1)) : bytes;
    });
}

test("recorded messages that were damaged are messages or refused", () => {
  const recorded = goldenVectors.flatMap(({ tx, rx }) => [...tx, ...rx]);
  let whole = 0;
  let refused = 0;
  fc.assert(
    fc.property(mutated(recorded), (bytes) => {
      if (areFrames(bytes)) whole++;
      else refused++;
    }),
    { numRuns: 20_000 },
  );
  assert.ok(whole > 1000, `${whole} whole`);
  assert.ok(refused > 1000, `${refused} refused`);
});

/** A request, a query and a dump, answered by given datagrams, and the connection closed then. */
async function converse(
  answer: (message: SentMessage) => readonly Received[],
): Promise<PromiseSettledResult<unknown>[]> {
  const connection = new Connection(
    () => new FakeSocket((messages) => messages.flatMap(answer)),
    () => new NetNSError("closed", { code: "ERR_NETNS_CLOSED" }),
  );
  const query = () => ({
    message: new MessageWriter(18, 0),
    op: "list",
    read: (reader: MessageReader, _type: number, start: number, end: number) =>
      end - start >= 4 ? reader.u32(start) : undefined,
    describe: (_message: MessageReader, offset: number) => `at ${offset}`,
  });
  const results = Promise.allSettled([
    connection.request({ message: new MessageWriter(16, 0), op: "add" }),
    connection.query(query()),
    connection.dump(query()),
    connection.iterate(query()).next(),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 2));
  connection.close();
  return results;
}

function requireTyped(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    assert.ok(isNetNSError(result.reason), String(result.reason));
  }
}

test("answers that are cut anywhere end in success or a typed error", async () => {
  const answer = (message: SentMessage) => [
    datagram(
      object(message, 1),
      ack(message, -22, (writer) => {
        const text = writer.begin(1);
        writer.text("no").u8(0).end(text);
        const policy = writer.begin(0x8004);
        const type = writer.begin(1);
        writer.u32(4).end(type).end(policy);
      }),
      done(message),
    ),
  ];
  const length = answer({ sequence: 1, bytes: new Uint8Array(16) } as SentMessage)[0]!.byteLength;
  for (let cut = 0; cut < length; cut++) {
    requireTyped(await converse((message) => [answer(message)[0]!.subarray(0, cut)]));
  }
  const whole = await converse(answer);
  assert.deepEqual(whole.map(({ status }) => status), [
    "rejected",
    "rejected",
    "rejected",
    "fulfilled",
  ]);
});

test("answers of arbitrary bytes end in success or a typed error", async () => {
  const ofAnswer = fc.record({
    type: fc.constantFrom(0, 1, 2, 3, 4, 5, 16, 18, 65535),
    flags: fc.constantFrom(0, 2, 0x10, 0x100, 0x200, 0x300, 0x302, 0xffff),
    body: fc.uint8Array({ maxLength: 80 }),
    tail: fc.uint8Array({ maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(ofAnswer, { minLength: 1, maxLength: 4 }), async (answers) => {
      requireTyped(
        await converse(({ sequence }) => [
          ...answers.map(({ type, flags, body, tail }) =>
            datagram(frame(type, sequence, { flags, body: (w) => w.bytes(body) }), tail)
          ),
          frame(2, sequence, { body: (writer) => writer.u32(0) }),
        ]),
      );
    }),
    { numRuns: 300 },
  );
});
