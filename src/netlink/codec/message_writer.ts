/**
 * Builds one netlink message: `struct nlmsghdr`, a fixed header, attributes.
 *
 * @module
 */

/** `struct nlmsghdr`: length, type, flags, sequence number, port. */
export const NLMSG_HDRLEN = 16;

/** `struct nlattr`: length, type. */
export const NLA_HDRLEN = 4;

/** The length of an attribute, with its header, has 16 bits. */
const MAX_LENGTH = 0xffff;

/** Where the name of a link stands in a message, whose index is looked up as it is sent. */
export interface LinkReference {
  /** Where the 32-bit index belongs. */
  readonly offset: number;
  /** A name or an alternative name. */
  readonly name: string;
  /** The option that named it. */
  readonly option: string;
}

/** Opens the network namespace that an option names, until `release` is called. */
export type OpenNamespace = (
  reference: unknown,
  option: string,
) => { readonly fd: number; readonly release: () => void };

const encoder = new TextEncoder();

/** What a message has room for at first. */
const USUAL_LENGTH = 128;

/** Short messages share buffers: to make one takes longer than to write a message into it. */
const SHARED_LENGTH = 16384;

let shared: Uint8Array<ArrayBuffer> = new Uint8Array(0);
let sharedTaken = 0;

/** Zeros. */
function allocate(length: number): Uint8Array<ArrayBuffer> {
  if (length > SHARED_LENGTH / 16) return new Uint8Array(length);
  if (sharedTaken + length > shared.byteLength) {
    shared = new Uint8Array(SHARED_LENGTH);
    sharedTaken = 0;
  }
  sharedTaken += length;
  return shared.subarray(sharedTaken - length, sharedTaken);
}

/** A netlink message as it grows. Integers are little-endian, as the supported processors are. */
export class MessageWriter {
  /** Links that were named, for the sender to look up. */
  readonly links: LinkReference[] = [];
  readonly #openNamespace: OpenNamespace | undefined;
  readonly #held: (() => void)[] = [];
  #bytes: Uint8Array<ArrayBuffer> = allocate(USUAL_LENGTH);
  #length = NLMSG_HDRLEN;

  constructor(type: number, flags: number, openNamespace?: OpenNamespace) {
    this.#put16(4, type);
    this.#put16(6, flags);
    this.#openNamespace = openNamespace;
  }

  /** How long the message is so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const start = this.#grow(1);
    this.#bytes[start] = value;
    return this;
  }

  u16(value: number): this {
    this.#put16(this.#grow(2), value);
    return this;
  }

  u32(value: number): this {
    this.#put32(this.#grow(4), value);
    return this;
  }

  u64(value: number | bigint): this {
    const bits = BigInt(value);
    return this.u32(Number(bits & 0xffffffffn)).u32(Number(bits >> 32n));
  }

  /** In network byte order. */
  be16(value: number): this {
    return this.u8(value >>> 8).u8(value);
  }

  /** In network byte order. */
  be32(value: number): this {
    return this.be16(value >>> 16).be16(value);
  }

  /** In network byte order. */
  be64(value: number | bigint): this {
    const bits = BigInt(value);
    return this.be32(Number(bits >> 32n)).be32(Number(bits & 0xffffffffn));
  }

  bytes(value: Uint8Array): this {
    const start = this.#grow(value.byteLength);
    this.#bytes.set(value, start);
    return this;
  }

  /** In UTF-8, without a NUL at the end. */
  text(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  /** The index of a link: as given, or looked up as the message is sent. */
  link(device: string | number, option: string): this {
    if (typeof device === "number") return this.u32(device);
    this.links.push({ offset: this.#length, name: device, option });
    return this.u32(0);
  }

  /** The descriptor of a network namespace, which stays open until {@linkcode release}. */
  namespace(reference: unknown, option: string): this {
    if (this.#openNamespace === undefined) throw new TypeError(`${option} has no use here`);
    const { fd, release } = this.#openNamespace(reference, option);
    this.#held.push(release);
    return this.u32(fd);
  }

  /** Begins an attribute; its end is {@linkcode end} with what this returns. */
  begin(type: number): number {
    const start = this.#grow(NLA_HDRLEN);
    this.#put16(start + 2, type);
    return start;
  }

  /**
   * Ends an attribute: sets its length and pads to four bytes.
   *
   * @throws {RangeError} It is longer than its length can tell.
   */
  end(start: number, option = "the message"): this {
    this.endUnpadded(start, option);
    this.#grow(-this.#length & 3);
    return this;
  }

  /** Sets the length of what began at an offset, without padding. */
  endUnpadded(start: number, option: string): this {
    const length = this.#length - start;
    // A longer one would wrap, and what it holds would pass for other attributes.
    if (length > MAX_LENGTH) {
      throw new RangeError(
        `${option} takes ${length} bytes of the message, and can take at most ${MAX_LENGTH}`,
      );
    }
    this.#put16(start, length);
    return this;
  }

  /** Takes back all that was written since the message had this length. */
  rewind(length: number): void {
    this.#bytes.fill(0, length, this.#length);
    this.#length = length;
    while (this.links.length > 0 && this.links.at(-1)!.offset >= length) this.links.pop();
  }

  /** The message, complete but for the sequence number (at 8) and the port (at 12). */
  finish(): Uint8Array<ArrayBuffer> {
    this.#put32(0, this.#length);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Lets go the namespaces that were opened for the message. */
  release(): void {
    while (this.#held.length > 0) this.#held.pop()!();
  }

  #put16(offset: number, value: number): void {
    this.#bytes[offset] = value;
    this.#bytes[offset + 1] = value >>> 8;
  }

  #put32(offset: number, value: number): void {
    this.#put16(offset, value);
    this.#put16(offset + 2, value >>> 16);
  }

  /** Makes room; returns where it starts. Replaces the buffer, so call it before using that. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.byteLength) {
      const bytes = allocate(Math.max(this.#length, 2 * this.#bytes.byteLength));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    return start;
  }
}
