/**
 * Messages of tc(8) that were taken down, and messages of this library in a form in which both are
 * the same.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter, NLMSG_HDRLEN } from "../../src/netlink/codec/message_writer.ts";
import { NLMSG_MIN_TYPE } from "../../src/netlink/constants/netlink.ts";
import { TCMSG_LENGTH } from "../../src/netlink/tc/traffic_control_message.ts";
import { messagesIn, readGolden, vectorOf } from "./golden.ts";

const vectors = readGolden("tc.json");

/** The links when the messages were taken down. */
const links = new Map([["v1", 2], ["v0", 3], ["ifb0", 4], ["ifb1", 5]]);

/** The names of those links. */
export function linkName(index: number): string | number {
  for (const [name, other] of links) if (other === index) return name;
  return index;
}

/** What tc sent for a command. */
export function sentByTc(command: string): Uint8Array {
  return vectorOf(`tc ${command}`, vectors).tx[0]!;
}

/** What the kernel answered to a command that lists: from the header of each message on. */
export function answersTo<T>(
  command: string,
  read: (reader: MessageReader, start: number, end: number) => T | undefined,
): T[] {
  const objects: T[] = [];
  for (const { type, bytes } of vectorOf(`tc ${command}`, vectors).rx.flatMap(messagesIn)) {
    if (type < NLMSG_MIN_TYPE) continue;
    const object = read(new MessageReader(bytes, linkName), NLMSG_HDRLEN, bytes.byteLength);
    if (object !== undefined) objects.push(object);
  }
  return objects;
}

/** What this library sends. */
export function sentByUs(write: (writer: MessageWriter) => void): Uint8Array {
  const writer = new MessageWriter(0, 0);
  write(writer);
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const { offset, name } of writer.links) view.setUint32(offset, links.get(name)!, true);
  return bytes;
}

/** Where attributes are within attributes, by kind: numbers of attributes from the top on. */
const nests: Readonly<Record<string, RegExp>> = {
  flower: /^2(\/3(\/\d+(\/2)?)?)?$/,
  fw: /^2(\/4(\/\d+(\/2)?)?)?$/,
  matchall: /^2(\/2(\/\d+(\/2)?)?)?$/,
  u32: /^2(\/7(\/\d+(\/2)?)?)?$/,
  netem: /^2(\/5)?$/,
  "hfsc class": /^2$/,
  ...Object.fromEntries(["fq", "fq_codel", "htb", "htb class", "tbf"].map((kind) => [kind, /^2$/])),
};

/** `struct tc_netem_qopt` stands before the attributes. */
const NETEM_HEADER = 24;

/** The header and the attributes of a message by their place, in the order of the places. */
export function attributesOf(message: Uint8Array, kind: string): Map<string, string> {
  const found: [string, string][] = [];
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const hex = (start: number, end: number) =>
    Buffer.from(message.subarray(start, end)).toString("hex");
  const walk = (start: number, end: number, within: string) => {
    for (let at = start; at < end; at += view.getUint16(at, true) + 3 & ~3) {
      const place = within + (view.getUint16(at + 2, true) & 0x3fff);
      const next = at + view.getUint16(at, true);
      let payload = at + 4;
      if (!nests[kind]?.test(place)) found.push([place, hex(payload, next)]);
      else {
        if (place === "2" && kind === "netem") {
          found.push(["2 header", hex(payload, payload += NETEM_HEADER)]);
        }
        walk(payload, next, `${place}/`);
      }
    }
  };
  walk(NLMSG_HDRLEN + TCMSG_LENGTH, message.byteLength, "");
  found.push(["header", hex(NLMSG_HDRLEN, NLMSG_HDRLEN + TCMSG_LENGTH)]);
  return new Map(found.sort());
}

/**
 * Where tc loses precision, by cutting times to whole us: 32-bit numbers of ticks of 64 ns, at
 * these bytes of attributes.
 */
const ticks: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  tbf: { "2/1": [28, 32] },
  "htb class": { "2/1": [24, 28] },
  matchall: { "2/2/1/2/1": [12] },
};
const TICKS_OF_A_US = 16;

/** Attributes that tc sends to say what their absence says as well. */
const needless: Readonly<Record<string, readonly string[]>> = {
  flower: ["2/22"],
  netem: ["2/1"],
};

/** A table that only has to be there; tc computes it from times in whole us. */
const rateTables: Readonly<Record<string, string>> = { matchall: "2/2/1/2/2" };

/**
 * Requires the same attributes with the same payloads. Free are their order and `NLA_F_NESTED`.
 */
export function assertSame(ours: Uint8Array, command: string, kind: string): void {
  const actual = attributesOf(ours, kind);
  const expected = attributesOf(sentByTc(command), kind);
  for (const place of needless[kind] ?? []) {
    if (/^0*$/.test(expected.get(place) ?? "")) expected.delete(place);
  }
  // As tc gives 16 bytes of priorities and an empty attribute that kernels do not read.
  if (kind === "prio") expected.set("2", expected.get("2")!.replace(/04000200$/, ""));
  const table = rateTables[kind]!;
  if (actual.has(table)) actual.set(table, expected.get(table)!);
  for (const [place, offsets] of Object.entries(ticks[kind] ?? {})) {
    if (!expected.has(place)) continue;
    const [ourBytes, theirBytes] = [actual, expected].map((map) =>
      Buffer.from(map.get(place)!, "hex")
    );
    for (const offset of offsets) {
      const difference = ourBytes!.readUInt32LE(offset) - theirBytes!.readUInt32LE(offset);
      assert.ok(Math.abs(difference) < TICKS_OF_A_US, `${command}: ${difference} ticks`);
      ourBytes!.copy(theirBytes!, offset, offset, offset + 4);
    }
    expected.set(place, theirBytes!.toString("hex"));
  }
  assert.deepEqual(actual, expected, command);
}
