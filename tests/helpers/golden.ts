/**
 * The messages between iproute2 and the kernel in `tests/fixtures/netlink/`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fs from "node:fs";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { NLMSG_HDRLEN } from "../../src/netlink/codec/message_writer.ts";

/** One command of iproute2. */
export interface GoldenVector {
  /** The command. */
  readonly cmd: string;
  /** What it sent; zeros may follow the message. */
  readonly tx: readonly Uint8Array<ArrayBuffer>[];
  /** The datagrams that it received. */
  readonly rx: readonly Uint8Array<ArrayBuffer>[];
}

/** One netlink message. */
export interface GoldenMessage {
  readonly type: number;
  readonly flags: number;
  /** From its header on. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Recorded = Record<"tx" | "rx", string[]> & { cmd: string };

/** The commands of a file, in the order in which they were given. */
export function readGolden(file: "golden.json" | "tc.json"): GoldenVector[] {
  const url = new URL(`../fixtures/netlink/${file}`, import.meta.url);
  const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
  return (JSON.parse(fs.readFileSync(url, "utf8")) as Recorded[])
    .map(({ cmd, tx, rx }) => ({ cmd, tx: tx.map(fromHex), rx: rx.map(fromHex) }));
}

/** The commands that configure a namespace. */
export const goldenVectors: readonly GoldenVector[] = readGolden("golden.json");

/** One of several commands. */
export function vectorOf(
  cmd: string,
  vectors: readonly GoldenVector[] = goldenVectors,
): GoldenVector {
  const vector = vectors.find((one) => one.cmd === cmd);
  assert.ok(vector, `nothing was recorded of: ${cmd}`);
  return vector;
}

/** The message of a type that a command sent, and that has attributes. */
export function sentBy(cmd: string, type: number): GoldenMessage {
  const message = vectorOf(cmd).tx.flatMap(messagesIn)
    .find((one) => one.type === type && one.bytes.byteLength > 32);
  assert.ok(message, `${cmd}: no message of type ${type}`);
  return message;
}

/** All messages of a type that were received. */
export function received(type: number): GoldenMessage[] {
  return goldenVectors.flatMap(({ rx }) => rx.flatMap(messagesIn))
    .filter((one) => one.type === type);
}

/** The messages of a type that one command received. */
export function receivedBy(cmd: string, type: number): GoldenMessage[] {
  return vectorOf(cmd).rx.flatMap(messagesIn).filter((one) => one.type === type);
}

/** The messages of a datagram. */
export function messagesIn(datagram: Uint8Array<ArrayBuffer>): GoldenMessage[] {
  const reader = new MessageReader(datagram);
  const messages: GoldenMessage[] = [];
  for (let start = 0; start + NLMSG_HDRLEN <= datagram.byteLength;) {
    const length = reader.u32(start);
    if (length < NLMSG_HDRLEN) break;
    messages.push({
      type: reader.u16(start + 4),
      flags: reader.u16(start + 6),
      bytes: datagram.slice(start, start + length),
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
