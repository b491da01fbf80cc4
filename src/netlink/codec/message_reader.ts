/**
 * What the decoder reads from: one receive buffer, and what integers in it refer to.
 *
 * @module
 */

/** Tells the name of a link by its index; the index where there is none. */
export type LinkName = (index: number) => string | number;

const decoder = new TextDecoder();

/** Texts that were read last, by a hash: names of links and of kinds come again and again. */
const recent: string[] = new Array<string>(256).fill("");

/** Bytes that were received. Whoever reads checks the bounds. */
export class MessageReader {
  readonly bytes: Uint8Array;
  readonly linkName: LinkName;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, linkName: LinkName = (index) => index) {
    this.bytes = bytes;
    this.linkName = linkName;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  i32(offset: number): number {
    return this.#view.getInt32(offset, true);
  }

  /** As a number: exact up to 2^53. */
  u64(offset: number): number {
    return this.u32(offset) + this.u32(offset + 4) * 0x1_0000_0000;
  }

  /** In network byte order. */
  be16(offset: number): number {
    return this.#view.getUint16(offset);
  }

  /** In network byte order. */
  be32(offset: number): number {
    return this.#view.getUint32(offset);
  }

  /** In network byte order, as a number: exact up to 2^53. */
  be64(offset: number): number {
    return this.be32(offset) * 0x1_0000_0000 + this.be32(offset + 4);
  }

  /** UTF-8 up to the first NUL. */
  text(start: number, end: number): string {
    let stop = start;
    let hash = 0;
    while (stop < end && this.bytes[stop] !== 0) hash = 31 * hash + this.bytes[stop++]! | 0;
    const place = hash & recent.length - 1;
    if (this.#isAscii(recent[place]!, start, stop)) return recent[place]!;
    const text = decoder.decode(this.bytes.subarray(start, stop));
    if (text.length < 32) recent[place] = text;
    return text;
  }

  #isAscii(text: string, start: number, end: number): boolean {
    if (text.length !== end - start) return false;
    for (let index = 0; index < text.length; index++) {
      const byte = this.bytes[start + index]!;
      if (byte > 0x7f || byte !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** A copy, for the receive buffer is used again. */
  copy(start: number, end: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.bytes.subarray(start, end));
  }
}
