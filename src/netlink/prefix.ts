/**
 * An address with the length of its prefix: `10.0.0.1/24`.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../ffi/constants.ts";
import { outOfRange, wrongType } from "../check.ts";
import { ipBytes, ipText } from "../ip_address.ts";
import { ip } from "./codec/addresses.ts";
import type { Value } from "./codec/attribute_table.ts";

/** An address and how many of its bits are of the network. */
export interface Prefix {
  /** `AF_INET` or `AF_INET6`. */
  readonly family: number;
  /** In network order. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string;
  readonly length: number;
  /** Whether a length was written. */
  readonly explicit: boolean;
}

const words = ["default", "all"];

/** `/24` and so on, by the number. */
const lengthTexts: readonly string[] = Array.from({ length: 256 }, (_, length) => `/${length}`);

/** What was read last: a prefix is read when it is checked, and again when it is written. */
let last: { readonly value: unknown; readonly prefix: Prefix } | undefined;

/** Reads an address with or without `/length`; without, all its bits count. */
export function parsePrefix(value: unknown, option: string): Prefix {
  if (last !== undefined && last.value === value) return last.prefix;
  const prefix = typeof value === "string" ? readPrefix(value) : undefined;
  if (prefix === undefined) {
    throw wrongType(option, 'an IP address like "10.0.0.1/24" or "fd00::1/64"', value);
  }
  last = { value, prefix };
  return prefix;
}

function readPrefix(value: string): Prefix | undefined {
  const slash = value.indexOf("/");
  const text = slash < 0 ? value : value.slice(0, slash);
  const bytes = ipBytes(text);
  if (bytes === undefined) return undefined;
  const bits = bytes.byteLength * 8;
  const length = slash < 0 ? bits : Number(value.slice(slash + 1));
  if (slash >= 0 && lengthTexts[length] !== value.slice(slash) || length > bits) return undefined;
  const family = bits === 32 ? AF_INET : AF_INET6;
  return { family, bytes, text, length, explicit: slash >= 0 };
}

/** Reads a prefix; undefined for `default` and `all`, which are of no family. */
export function parseNetwork(value: unknown, option: string): Prefix | undefined {
  return words.includes(value as string) ? undefined : parsePrefix(value, option);
}

/**
 * Requires that no bits are set beyond the length of a prefix. The kernel refuses such routes with
 * a text that does not help.
 */
export function checkHostBits(prefix: Prefix, option: string, value: unknown): void {
  if (!hasHostBits(prefix)) return;
  const masked = maskedBytes(prefix, 0);
  const network = `${ipText(masked, 0, masked.byteLength)}/${prefix.length}`;
  throw outOfRange(option, `without bits beyond the prefix, like "${network}"`, value);
}

function hasHostBits({ bytes, length }: Prefix): boolean {
  for (let index = length >> 3; index < bytes.byteLength; index++) {
    if ((bytes[index]! & hostMask(length, index)) !== 0) return true;
  }
  return false;
}

/** The text of a prefix as it is read from messages. */
export function prefixText({ bytes, length }: Prefix): string {
  return `${ipText(bytes, 0, bytes.byteLength)}/${length}`;
}

/** What stands behind the address of a prefix: `/24`. A table, as there are many in a dump. */
export function lengthText(length: number): string {
  return lengthTexts[length]!;
}

/** The last address of a prefix: all bits set that are not of the network. */
export function lastAddress(prefix: Prefix): Uint8Array<ArrayBuffer> {
  return maskedBytes(prefix, 0xff);
}

function maskedBytes({ bytes, length }: Prefix, fill: number): Uint8Array<ArrayBuffer> {
  const masked = new Uint8Array(bytes.byteLength);
  for (let index = 0; index < bytes.byteLength; index++) {
    const host = hostMask(length, index);
    masked[index] = bytes[index]! & ~host | fill & host;
  }
  return masked;
}

/** The bits of one byte that are not of the network. */
function hostMask(length: number, index: number): number {
  return 0xff >> Math.min(8, Math.max(0, length - 8 * index));
}

/**
 * The address of a prefix. Its length is in the header of the message; who reads has to put it
 * behind the address. `default` and `all` are not written.
 */
export const prefixAddress: Value = {
  omits: (value) => words.includes(value as string),
  write(writer, value, option) {
    writer.bytes(parsePrefix(value, option).bytes);
  },
  read: ip.read,
};
