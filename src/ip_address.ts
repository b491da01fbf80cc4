/**
 * IP addresses as text and as bytes in network order.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";

/** The 4 or 16 bytes of an address without a zone; undefined where the text is not one. */
export function ipBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const length = ipLength(text);
  return length === 4 ? ipv4Bytes(text) : length === 16 ? ipv6Bytes(text) : undefined;
}

/** 4 for an IPv4 address, 16 for an IPv6 address without a zone; undefined for anything else. */
export function ipLength(text: string): 4 | 16 | undefined {
  if (builtin.net.isIPv4(text)) return 4;
  return builtin.net.isIPv6(text) && !text.includes("%") ? 16 : undefined;
}

/** The text of 4 or 16 bytes from `start` on; IPv6 as RFC 5952 wants it. */
export function ipText(bytes: Uint8Array, start: number, length: number): string {
  return length === 4
    ? `${bytes[start]!}.${bytes[start + 1]!}.${bytes[start + 2]!}.${bytes[start + 3]!}`
    : ipv6Text(bytes, start);
}

function ipv4Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  let index = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0) index++;
    else bytes[index] = 10 * bytes[index]! + digit;
  }
  return bytes;
}

function ipv6Bytes(text: string): Uint8Array<ArrayBuffer> {
  const [head, tail] = text.split("::") as [string, string?];
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const bytes = new Uint8Array(16);
  bytes.set(first);
  bytes.set(last, 16 - last.length);
  return bytes;
}

/** The bytes of `1:2:a.b.c.d`, which has no `::`. */
function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return [...ipv4Bytes(group)];
    const value = parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function ipv6Text(bytes: Uint8Array, start: number): string {
  const group = (index: number) => bytes[start + 2 * index]! << 8 | bytes[start + 2 * index + 1]!;
  const mapped = group(5) === 0xffff && [0, 1, 2, 3, 4].every((index) => group(index) === 0);
  if (mapped) return `::ffff:${ipText(bytes, start + 12, 4)}`;
  let zeros = { first: 8, length: 1 };
  for (let first = 0; first < 8; first++) {
    let length = 0;
    while (first + length < 8 && group(first + length) === 0) length++;
    if (length > zeros.length) zeros = { first, length };
    first += length;
  }
  let text = "";
  for (let index = 0; index < 8; index++) {
    if (index === zeros.first) {
      text += "::";
      index += zeros.length - 1;
    } else {
      text += `${text === "" || text.endsWith(":") ? "" : ":"}${group(index).toString(16)}`;
    }
  }
  return text;
}
