import assert from "node:assert/strict";
import fc from "fast-check";
import test from "node:test";
import { readAddress, writeAddress } from "../../src/netlink/addr/address_message.ts";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { writeLinkBody } from "../../src/netlink/link/link_body.ts";
import { linkAttributes, readLink } from "../../src/netlink/link/link_message.ts";
import { readNeighbour, writeNeighbour } from "../../src/netlink/neigh/neighbour_message.ts";
import { readRoute, writeRoute } from "../../src/netlink/route/route_message.ts";
import { readRule, writeRule } from "../../src/netlink/rule/rule_message.ts";

type Write = (writer: MessageWriter, object: unknown) => void;
type Read = (reader: MessageReader, start: number, end: number) => object | undefined;

const byte = fc.integer({ min: 0, max: 255 });
const u16 = fc.integer({ min: 1, max: 0xffff });
const u32 = fc.integer({ min: 1, max: 0xffffffff });
const index = fc.integer({ min: 1, max: 0x7fffffff });
const host = fc.tuple(byte, byte).map(([three, four]) => `10.1.${three}.${four}`);
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,14}$/);
const mac = fc.array(byte, { minLength: 5, maxLength: 5 }).map((bytes) =>
  ["02", ...bytes.map((each) => each.toString(16).padStart(2, "0"))].join(":")
);

/** What is read has all that was written. */
function identity(
  object: string,
  arbitrary: fc.Arbitrary<object>,
  write: Write,
  read: Read,
): void {
  test(`a ${object} that is written is read as it was`, () => {
    fc.assert(
      fc.property(arbitrary, (written) => {
        const writer = new MessageWriter(16, 0);
        write(writer, written);
        const bytes = writer.finish();
        const told = { ...read(new MessageReader(bytes), 16, bytes.byteLength) };
        const same = Object.keys(written).map((key) => [key, told[key as keyof typeof told]]);
        assert.deepEqual(Object.fromEntries(same), { ...written });
      }),
      { numRuns: 1000 },
    );
  });
}

identity(
  "link",
  fc.record({
    kind: fc.constant("ifb"),
    name,
    mtu: u32,
    mac,
    txqueuelen: u32,
    group: u32,
    up: fc.boolean(),
  }, {
    requiredKeys: ["kind", "name"],
  }),
  (writer, link) => writeLinkBody(writer, link, "options", linkAttributes),
  readLink,
);
identity(
  "address",
  fc.record({ address: host.map((text) => `${text}/24`), dev: index, metric: u32 }, {
    requiredKeys: ["address", "dev"],
  }),
  writeAddress,
  readAddress,
);
identity(
  "route",
  fc.record(
    { dst: host.map((text) => `${text}/32`), dev: index, via: host, metric: u32, mtu: u32 },
    {
      requiredKeys: ["dst", "dev"],
    },
  ),
  writeRoute,
  readRoute,
);
identity(
  "rule",
  fc.record({
    priority: u32,
    from: host.map((text) => `${text}/32`),
    iif: name,
    fwmark: u32,
    sport: u16,
  }, {
    requiredKeys: ["priority"],
  }),
  writeRule,
  readRule,
);
identity(
  "neighbour",
  fc.record({ dst: host, dev: index, lladdr: mac }),
  writeNeighbour,
  readNeighbour,
);
