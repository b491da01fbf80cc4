/**
 * Builds one netlink message: `struct nlmsghdr`, a fixed header, attributes.
 *
 * @module
 */

/** `struct nlmsghdr`: length, type, flags, sequence number, port. */
export const NLMSG_HDRLEN = 16;

/** `struct nlattr`: length, type. */
export const NLA_HDRLEN = 4;

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

/** A netlink message as it grows. Integers are little-endian, as the supported processors are. */
export class MessageWriter {
  /** Links that were named, for the sender to look up. */
  readonly links: LinkReference[] = [];
  readonly #openNamespace: OpenNamespace | undefined;
  readonly #held: (() => void)[] = [];
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(256);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = NLMSG_HDRLEN;

  constructor(type: number, flags: number, openNamespace?: OpenNamespace) {
    this.#view.setUint16(4, type, true);
    this.#view.setUint16(6, flags, true);
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
    const start = this.#grow(2);
    this.#view.setUint16(start, value, true);
    return this;
  }

  u32(value: number): this {
    const start = this.#grow(4);
    this.#view.setUint32(start, value, true);
    return this;
  }

  u64(value: number | bigint): this {
    const start = this.#grow(8);
    this.#view.setBigUint64(start, BigInt(value), true);
    return this;
  }

  /** In network byte order. */
  be16(value: number): this {
    const start = this.#grow(2);
    this.#view.setUint16(start, value);
    return this;
  }

  /** In network byte order. */
  be32(value: number): this {
    const start = this.#grow(4);
    this.#view.setUint32(start, value);
    return this;
  }

  /** In network byte order. */
  be64(value: number | bigint): this {
    this.#view.setBigUint64(this.#grow(8), BigInt(value));
    return this;
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
    this.#view.setUint16(start + 2, type, true);
    return start;
  }

  /** Ends an attribute: sets its length and pads to four bytes. */
  end(start: number): this {
    this.#view.setUint16(start, this.#length - start, true);
    this.#grow(-this.#length & 3);
    return this;
  }

  /** Sets a 16-bit integer where there already is one. */
  patch16(offset: number, value: number): this {
    this.#view.setUint16(offset, value, true);
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
    this.#view.setUint32(0, this.#length, true);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Lets go the namespaces that were opened for the message. */
  release(): void {
    for (const release of this.#held.splice(0)) release();
  }

  /** Makes room; returns where it starts. Replaces the buffer, so call it before using that. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.byteLength) {
      const bytes = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.byteLength));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return start;
  }
}
