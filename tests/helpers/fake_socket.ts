/**
 * A netlink socket whose kernel is a function, and the messages that it answers with.
 *
 * @module
 */

import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { type NetlinkSocket, NOTHING, OVERRUN } from "../../src/netlink/socket.ts";

const NLM_F_ACK = 4;
/** A header, an errno and the header of what is acknowledged. */
const ACK_LENGTH = 36;

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;

/** A message that was sent. */
export interface SentMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** From its header on. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A datagram, or that the kernel had to drop some, or that the call fails. */
export type Received = Uint8Array | "overrun" | Error;

/** Answers one datagram; what it returns is received in order. */
export type FakeKernel = (messages: SentMessage[], sent: Uint8Array) => readonly Received[];

/** A socket of a {@linkcode FakeKernel}. As the kernel's, it acknowledges what asks for it. */
export class FakeSocket implements NetlinkSocket {
  readonly port: number = 4711;
  readonly strict: boolean = true;
  readonly buffer: Uint8Array<ArrayBuffer> = new Uint8Array(65536);
  /** The links that there are, by name. */
  readonly links: Map<string, number> = new Map();
  /** The datagrams that were sent. */
  readonly sent: SentMessage[][] = [];
  closed = false;
  readonly #kernel: FakeKernel;
  readonly #queue: Received[] = [];

  constructor(kernel: FakeKernel) {
    this.#kernel = kernel;
  }

  /** Has a datagram arrive. */
  deliver(...datagrams: readonly Received[]): void {
    this.#queue.push(...datagrams);
  }

  send(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    if (this.closed) throw new Error("the socket is closed");
    const sent = bytes.slice(0, length);
    const messages = split(sent);
    if (this.links.size > 0 && isLookup(messages[0])) {
      return this.deliver(foundLink(messages[0]!, this.links));
    }
    this.sent.push(messages);
    const unwanted = new Set(
      messages.filter(({ flags }) => (flags & NLM_F_ACK) === 0).map(({ sequence }) => sequence),
    );
    const isWanted = (one: Received) => !(isSuccess(one) && unwanted.has(sequenceOf(one)));
    this.deliver(...this.#kernel(messages, sent).filter(isWanted));
  }

  receive(): number {
    if (this.closed) throw new Error("the socket is closed");
    const next = this.#queue.shift();
    if (next === undefined) return NOTHING;
    if (next === "overrun") return OVERRUN;
    if (next instanceof Error) throw next;
    this.buffer.set(next);
    return next.byteLength;
  }

  linkName(index: number): string | undefined {
    return [...this.links].find(([, other]) => other === index)?.[0];
  }

  close(): void {
    this.closed = true;
  }
}

/** Whether a datagram is an acknowledgement of success alone. */
function isSuccess(received: Received): received is Uint8Array {
  if (!(received instanceof Uint8Array) || received.byteLength !== ACK_LENGTH) return false;
  const reader = new MessageReader(received);
  return reader.u32(0) === ACK_LENGTH && reader.u16(4) === 2 && reader.u32(16) === 0;
}

function sequenceOf(datagram: Uint8Array): number {
  return new MessageReader(datagram).u32(8);
}

/** Whether a message asks which link has a name, as is done before the one that needs it. */
function isLookup(message: SentMessage | undefined): boolean {
  const IFLA_EXT_MASK = 29;
  return message?.type === RTM_GETLINK && message.bytes[34] === IFLA_EXT_MASK &&
    message.bytes.byteLength > 44;
}

/** The answer: the index of the link, or that there is none. */
function foundLink(message: SentMessage, links: ReadonlyMap<string, number>): Uint8Array {
  const index = links.get(new MessageReader(message.bytes).text(44, message.bytes.byteLength));
  if (index === undefined) return ack(message, -19);
  const found = frame(RTM_NEWLINK, message.sequence, {
    body: (writer) => writer.u32(0).u32(index).u32(0).u32(0),
  });
  return datagram(found, ack(message));
}

function split(bytes: Uint8Array<ArrayBuffer>): SentMessage[] {
  const reader = new MessageReader(bytes);
  const messages: SentMessage[] = [];
  for (let start = 0; start < bytes.byteLength;) {
    const length = reader.u32(start);
    messages.push({
      type: reader.u16(start + 4),
      flags: reader.u16(start + 6),
      sequence: reader.u32(start + 8),
      bytes: bytes.slice(start, start + length),
    });
    start += (length + 3) & ~3;
  }
  return messages;
}

/** What {@linkcode frame} takes besides type and sequence. */
export interface FrameOptions {
  flags?: number;
  port?: number;
  /** What follows the header. */
  body?: (writer: MessageWriter) => unknown;
}

/** One message from the kernel. */
export function frame(type: number, sequence: number, options: FrameOptions = {}): Uint8Array {
  const { flags = 0, port = 4711, body } = options;
  const writer = new MessageWriter(type, flags);
  body?.(writer);
  const bytes = new Uint8Array((writer.length + 3) & ~3);
  bytes.set(writer.finish());
  const view = new DataView(bytes.buffer);
  view.setUint32(8, sequence, true);
  view.setUint32(12, port, true);
  return bytes;
}

/** Several messages as one datagram. */
export function datagram(...frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((length, one) => length + one.byteLength, 0));
  let start = 0;
  for (const one of frames) {
    bytes.set(one, start);
    start += one.byteLength;
  }
  return bytes;
}

/** An acknowledgement of a message: success, or `-errno` with what `extack` writes. */
export function ack(
  message: SentMessage,
  result = 0,
  extack?: (writer: MessageWriter) => unknown,
): Uint8Array {
  const NLM_F_CAPPED = 0x100;
  const NLM_F_ACK_TLVS = 0x200;
  return frame(2, message.sequence, {
    flags: NLM_F_CAPPED | (extack === undefined ? 0 : NLM_F_ACK_TLVS),
    body(writer) {
      writer.u32(result >>> 0).bytes(message.bytes.subarray(0, 16));
      extack?.(writer);
    },
  });
}

/** The end of a dump. */
export function done(message: SentMessage, result = 0, flags = 0x2): Uint8Array {
  return frame(3, message.sequence, { flags, body: (writer) => writer.u32(result >>> 0) });
}

/** A part of a dump: an object that is one number. */
export function object(message: SentMessage, value: number, flags = 0x2): Uint8Array {
  return frame(16, message.sequence, { flags, body: (writer) => writer.u32(value) });
}
