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

/** Reads an address with or without `/length`; without, all its bits count. */
export function parsePrefix(value: unknown, option: string): Prefix {
  const [text = "", length, ...rest] = typeof value === "string" ? value.split("/") : [];
  const bytes = ipBytes(text);
  const bits = (bytes?.byteLength ?? 0) * 8;
  if (
    bytes === undefined || rest.length > 0 ||
    length !== undefined && (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits)
  ) {
    throw wrongType(option, 'an IP address like "10.0.0.1/24" or "fd00::1/64"', value);
  }
  return {
    family: bits === 32 ? AF_INET : AF_INET6,
    bytes,
    text,
    length: length === undefined ? bits : Number(length),
    explicit: length !== undefined,
  };
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
  const masked = maskedBytes(prefix, 0);
  if (masked.every((byte, index) => byte === prefix.bytes[index])) return;
  const network = `${ipText(masked, 0, masked.byteLength)}/${prefix.length}`;
  throw outOfRange(option, `without bits beyond the prefix, like "${network}"`, value);
}

/** The text of a prefix as it is read from messages. */
export function prefixText({ bytes, length }: Prefix): string {
  return `${ipText(bytes, 0, bytes.byteLength)}/${length}`;
}

const lengthTexts: readonly string[] = Array.from({ length: 256 }, (_, length) => `/${length}`);

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
    const host = 0xff >> Math.min(8, Math.max(0, length - 8 * index));
    masked[index] = bytes[index]! & ~host | fill & host;
  }
  return masked;
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
