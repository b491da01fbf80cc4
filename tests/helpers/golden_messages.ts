/**
 * What iproute2 and the kernel said to each other, to compare with; see tests/fixtures/netlink.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import fs from "node:fs";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";

/** A command of iproute2, and its messages in hex. */
interface Golden {
  cmd: string;
  tx: string[];
  rx: string[];
  out: string;
}

const file = new URL("../fixtures/netlink/golden.json", import.meta.url);
const golden = JSON.parse(fs.readFileSync(file, "utf8")) as Golden[];

/** One netlink message. */
export interface GoldenMessage {
  readonly type: number;
  readonly flags: number;
  /** From its header on. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The messages of a type that a command sent; those with attributes only. */
export function sentBy(cmd: string, type: number): GoldenMessage {
  const { tx } = golden.find((one) => one.cmd === cmd)!;
  const message = tx.flatMap((hex) => split(hex))
    .find((one) => one.type === type && one.bytes.byteLength > 32);
  if (message === undefined) throw new Error(`${cmd}: no message of type ${type}`);
  return message;
}

/** All messages of a type that were received. */
export function received(type: number): GoldenMessage[] {
  return golden.flatMap(({ rx }) => rx.flatMap(split)).filter((one) => one.type === type);
}

/** The messages of a type that one command received. */
export function receivedBy(cmd: string, type: number): GoldenMessage[] {
  const { rx } = golden.find((one) => one.cmd === cmd)!;
  return rx.flatMap(split).filter((one) => one.type === type);
}

function split(hex: string): GoldenMessage[] {
  const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
  const reader = new MessageReader(bytes);
  const messages: GoldenMessage[] = [];
  for (let start = 0; start + 16 <= bytes.byteLength;) {
    const length = reader.u32(start);
    messages.push({
      type: reader.u16(start + 4),
      flags: reader.u16(start + 6),
      bytes: bytes.slice(start, start + length),
    });
    start += (length + 3) & ~3;
  }
  return messages;
}

/** A message as text that does not depend on the order of attributes, nor on NLA_F_NESTED. */
export function normalised(bytes: Uint8Array, header: number, nests: Nests): string {
  const hex = Buffer.from(bytes.subarray(16, 16 + header)).toString("hex");
  return `${hex} ${attributes(bytes, 16 + header, bytes.byteLength, nests)}`;
}

/** Which attributes hold others, by number. */
export interface Nests {
  readonly [type: number]: Nests;
}

function attributes(bytes: Uint8Array, start: number, end: number, nests: Nests): string {
  const reader = new MessageReader(bytes);
  const found: string[] = [];
  for (let offset = start; offset + 4 <= end;) {
    const length = reader.u16(offset);
    const type = reader.u16(offset + 2) & 0x3fff;
    const inner = nests[type];
    const value = inner === undefined
      ? Buffer.from(bytes.subarray(offset + 4, offset + length)).toString("hex")
      : attributes(bytes, offset + 4, offset + length, inner);
    found.push(`${type}:${value}`);
    offset += (length + 3) & ~3;
  }
  return `{${found.sort().join(" ")}}`;
}
