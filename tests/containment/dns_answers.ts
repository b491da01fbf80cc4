/**
 * A DNS server that answers every type of question with the side that it is on.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import dgram from "node:dgram";
import { once } from "node:events";
import { address, marks, name, type Side } from "./places.ts";

const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
const words = (...values: number[]) =>
  Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 255])));
const domain = (value: string) => Buffer.concat([...value.split(".").map(text), Buffer.from([0])]);

/** Data of a record, by the number of its type. */
function dataOf(side: Side, type: number): Uint8Array | undefined {
  const host = domain(`${side}.test`);
  switch (type) {
    case 2: // NS
    case 5: // CNAME
    case 12: // PTR
      return host;
    case 6: // SOA
      return Buffer.concat([host, host, Buffer.alloc(20)]);
    case 15: // MX
      return Buffer.concat([words(10), host]);
    case 16: // TXT
      return text(side);
    case 28: // AAAA
      return Buffer.from(`fd00${"0".repeat(26)}${side === "home" ? "11" : "22"}`, "hex");
    case 33: // SRV
      return Buffer.concat([words(1, 1, 80), host]);
    case 35: // NAPTR
      return Buffer.concat([words(1, 1), text("s"), text("who"), text(""), host]);
    case 52: // TLSA
      return Buffer.concat([Buffer.from([3, 1, 1]), Buffer.from(side)]);
    case 257: // CAA
      return Buffer.concat([Buffer.from([0]), text("issue"), Buffer.from(side)]);
    default:
      return undefined;
  }
}

function record(question: Uint8Array, type: number, data: Uint8Array): Uint8Array {
  return Buffer.concat([question, words(type, 1, 0, 0, data.byteLength), data]);
}

const A = 1;
const TXT = 16;
const ANY = 255;

/** Answers to a question; `who.test` has addresses only, as connections are made to it. */
function answersTo(side: Side, asked: string, question: Uint8Array, type: number): Uint8Array[] {
  if (asked === name) {
    const own = marks[side].address.split(".").map(Number);
    return type === A ? [record(question, type, Buffer.from(own))] : [];
  }
  if (type === ANY) return [record(question, TXT, dataOf(side, TXT)!)];
  const data = dataOf(side, type);
  return data === undefined ? [] : [record(question, type, data)];
}

/** Serves on port 53. */
export async function serveDns(side: Side): Promise<void> {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (; query[at] !== 0; at += 1 + query[at]!) {
      labels.push(query.subarray(at + 1, at + 1 + query[at]!).toString());
    }
    const type = query.readUInt16BE(at + 1);
    const asked = labels.join(".").toLowerCase();
    const answers = answersTo(side, asked, query.subarray(12, at + 1), type);
    const header = Buffer.concat([
      query.subarray(0, 2),
      words(0x8580, 1, answers.length, 0, 0),
    ]);
    const reply = Buffer.concat([header, query.subarray(12, at + 5), ...answers]);
    socket.send(reply, peer.port, peer.address);
  });
  socket.bind(53, address);
  await once(socket, "listening");
}
