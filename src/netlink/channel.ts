/**
 * One netlink socket, what it received, and the names of the links that it knows.
 *
 * @module
 */

import { MessageReader } from "./codec/message_reader.ts";
import { NLM_F_ACK, NLM_F_REQUEST, NLMSG_NOOP, NLMSG_OVERRUN } from "./constants/netlink.ts";
import { findLink } from "./find_link.ts";
import { overrun, type ReplyVisitor, visitFrames } from "./frames.ts";
import { type NetlinkSocket, NOTHING, OVERRUN } from "./socket.ts";

/** One datagram as it is put together. Shared by all channels of the thread: it is sent at once. */
let sending: Uint8Array<ArrayBuffer> = new Uint8Array(16384);
let sendingView = new DataView(sending.buffer);

/** How many names are kept that may still be right. */
const MAX_KNOWN = 1024;

/** A socket with a reader of its buffer. */
export class Channel {
  readonly socket: NetlinkSocket;
  #reader: MessageReader;
  readonly #names: Map<number, string | number> = new Map();
  readonly #indices: Map<string, number | undefined> = new Map();
  /** Which link had a name when it was asked for last. */
  readonly #known: Map<string, number> = new Map();
  #sequence = 0;
  #length = 0;

  constructor(socket: NetlinkSocket) {
    this.socket = socket;
    this.#reader = this.#newReader();
  }

  /** Reads what was received last. */
  get reader(): MessageReader {
    return this.#reader;
  }

  /** The numbers of the next messages: the first of `count`, all above 0 and in a row. */
  number(count: number): number {
    if (this.#sequence + count > 0xffffffff) this.#sequence = 0;
    const first = this.#sequence + 1;
    this.#sequence += count;
    return first;
  }

  /**
   * Puts a message behind those that {@linkcode send} will send, with `flags` besides its own; it is
   * acknowledged where they have `NLM_F_ACK`.
   */
  append(message: Uint8Array, flags: number, sequence: number): void {
    const start = this.#length;
    const end = start + ((message.byteLength + 3) & ~3);
    if (end > sending.byteLength) grow(end);
    sending.set(message, start);
    sending.fill(0, start + message.byteLength, end);
    const given = sendingView.getUint16(start + 6, true);
    sendingView.setUint16(start + 6, (given & ~NLM_F_ACK) | flags | NLM_F_REQUEST, true);
    sendingView.setUint32(start + 8, sequence, true);
    this.#length = end;
  }

  /** Sends what was appended, as one datagram. */
  send(): void {
    const length = this.#length;
    this.#length = 0;
    this.socket.send(sending, length);
  }

  /**
   * Receives one datagram and visits its messages that answer requests of this socket; false when
   * there is none.
   *
   * @throws {NetNSError} `ENOBUFS` when the kernel had to drop answers; `EBADMSG`.
   */
  receive(visit: ReplyVisitor): boolean {
    const { socket } = this;
    const length = socket.receive();
    if (length === NOTHING) return false;
    if (length === OVERRUN) throw overrun();
    if (this.#reader.bytes !== socket.buffer) this.#reader = this.#newReader();
    visitFrames(this.#reader, length, (type, flags, sequence, port, start, end) => {
      if (type === NLMSG_OVERRUN) throw overrun();
      if (port !== socket.port || type === NLMSG_NOOP) return;
      visit(type, flags, sequence, start, end);
    });
    return true;
  }

  /** The index of the link that has a name or an alternative name. */
  linkIndex(name: string): number | undefined {
    let index = this.#indices.get(name);
    if (index !== undefined) return index;
    index = this.#known.get(name);
    // To ask whether it is still so is ten times as fast as to ask which one it is.
    if (index === undefined || this.socket.linkName(index) !== name) index = findLink(this, name);
    this.#indices.set(name, index);
    this.#know(name, index);
    return index;
  }

  /** Forgets the names of links, which may have changed. */
  forgetNames(): void {
    this.#names.clear();
    this.#indices.clear();
  }

  #know(name: string, index: number | undefined): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    if (index === undefined) this.#known.delete(name);
    else this.#known.set(name, index);
  }

  #newReader(): MessageReader {
    return new MessageReader(this.socket.buffer, (index) => this.#linkName(index));
  }

  #linkName(index: number): string | number {
    let name = this.#names.get(index);
    if (name === undefined) this.#names.set(index, name = this.socket.linkName(index) ?? index);
    return name;
  }
}

function grow(length: number): void {
  const larger = new Uint8Array(new ArrayBuffer(Math.max(length, 2 * sending.byteLength)));
  larger.set(sending);
  sending = larger;
  sendingView = new DataView(larger.buffer);
}
