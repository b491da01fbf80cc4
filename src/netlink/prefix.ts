/**
 * An address with the length of its prefix: `10.0.0.1/24`.
 *
 * @module
 */

import { wrongType } from "../check.ts";
import { ipBytes } from "../ip_address.ts";
import { AF_INET, AF_INET6 } from "../../ffi/constants.ts";

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

/** Reads an address with or without `/length`; without, all its bits count. */
export function parsePrefix(value: unknown, option: string): Prefix {
  const [text = "", length, ...rest] = typeof value === "string" ? value.split("/") : [];
  const bytes = ipBytes(text);
  const bits = (bytes?.byteLength ?? 0) * 8;
  if (
    bytes === undefined || rest.length > 0 ||
    length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)
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

/** Whether bits are set beyond the length of the prefix, which routes must not have. */
export function hasHostBits({ bytes, length }: Prefix): boolean {
  return bytes.some((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - 8 * index));
    return (byte & 0xff >> kept) !== 0;
  });
}
