import assert from "node:assert/strict";
import test from "node:test";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";

/** Writes a value in each way, and how long it is. */
const writes: readonly (readonly [string, number, (writer: MessageWriter) => unknown])[] = [
  ["u8", 1, (writer) => writer.u8(0x12)],
  ["u16", 2, (writer) => writer.u16(0x1234)],
  ["u32", 4, (writer) => writer.u32(0x12345678)],
  ["u64", 8, (writer) => writer.u64(0x1234567890abcn)],
  ["be16", 2, (writer) => writer.be16(0x1234)],
  ["be32", 4, (writer) => writer.be32(0x12345678)],
  ["bytes", 5, (writer) => writer.bytes(Uint8Array.of(1, 2, 3, 4, 5))],
  ["text", 3, (writer) => writer.text("abc")],
  ["link", 4, (writer) => writer.link(7, "dev")],
];

for (const [name, length, write] of writes) {
  test(`a message keeps what ${name} wrote wherever it has to grow`, () => {
    const short = new MessageWriter(16, 0);
    write(short);
    const expected = [...short.finish().subarray(16)];
    assert.equal(expected.length, length);
    assert.ok(expected.some((byte) => byte !== 0));
    for (let before = 0; before < 600; before++) {
      const writer = new MessageWriter(16, 0).bytes(new Uint8Array(before).fill(0xee));
      write(writer);
      const bytes = writer.finish();
      assert.equal(new MessageReader(bytes).u32(0), 16 + before + length);
      assert.deepEqual([...bytes.subarray(16 + before)], expected);
      assert.ok(bytes.subarray(16, 16 + before).every((byte) => byte === 0xee));
    }
  });
}

test("an attribute that begins where the message has to grow is whole", () => {
  for (let before = 0; before < 600; before++) {
    const writer = new MessageWriter(16, 0).bytes(new Uint8Array(before));
    const start = writer.begin(5);
    writer.u8(9).end(start);
    const reader = new MessageReader(writer.finish());
    assert.deepEqual([reader.u16(start), reader.u16(start + 2), reader.u8(start + 4)], [5, 5, 9]);
    assert.equal(writer.length % 4, 0);
  }
});
