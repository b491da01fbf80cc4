/**
 * What a u32 filter compares: 32-bit words of a packet, or fields of IP by name.
 *
 * @module
 */

import { checkInteger, checkOptions, outOfRange, wrongType } from "../../../check.ts";
import type { Members } from "../../codec/attribute_table.ts";
import { checkHostBits, parsePrefix } from "../../prefix.ts";
import { AF_INET } from "../../../../ffi/constants.ts";
import { IP_PROTOCOLS } from "../protocols.ts";

/** A word of a packet, in host order, as it is read. */
export interface U32Key {
  /** What the bits of the mask must be. */
  value: number;
  /** Which bits count. */
  mask: number;
  /** Where the word is, in bytes from the network header on; may be negative. */
  offset: number;
  /** -1 to count from the next header, where `link` says where it is; else 0. */
  offmask?: number | undefined;
}

/** Fields of a packet; those of the transport are found where it has no IP options. */
interface IpFields {
  /** The source address, or its prefix: `10.0.0.0/8`. */
  src?: string | undefined;
  /** The destination address, or its prefix. */
  dst?: string | undefined;
  /** By number or name. */
  protocol?: keyof typeof IP_PROTOCOLS | number | undefined;
  /** The DS field (of IPv6: traffic class). */
  dsfield?: number | undefined;
  /** The source port of TCP or UDP. */
  sport?: number | undefined;
  /** The destination port of TCP or UDP. */
  dport?: number | undefined;
  icmpType?: number | undefined;
  icmpCode?: number | undefined;
}

/** Fields of IPv4. Give the filter the `protocol` `ip`, so that it only sees such packets. */
export interface IpMatch {
  ip: IpFields;
}

/** Fields of IPv6. Give the filter the `protocol` `ipv6`, so that it only sees such packets. */
export interface Ip6Match {
  ip6: IpFields;
}

/** What a u32 filter compares. */
export type U32Match = U32Key | IpMatch | Ip6Match;

/** Where a field is: the offset of its first bit, and how many it has. */
interface Field {
  readonly bit: number;
  readonly bits: number;
}

interface Fields {
  readonly src: number;
  readonly dst: number;
  readonly numbers: Readonly<Record<string, Field>>;
}

/** The fields of the transport, behind a header of so many bytes. */
function transport(length: number): Record<string, Field> {
  return {
    sport: { bit: 8 * length, bits: 16 },
    dport: { bit: 8 * length + 16, bits: 16 },
    icmpType: { bit: 8 * length, bits: 8 },
    icmpCode: { bit: 8 * length + 8, bits: 8 },
  };
}

const ip: Fields = {
  src: 12,
  dst: 16,
  numbers: { dsfield: { bit: 8, bits: 8 }, protocol: { bit: 72, bits: 8 }, ...transport(20) },
};

const ip6: Fields = {
  src: 8,
  dst: 24,
  numbers: { dsfield: { bit: 4, bits: 8 }, protocol: { bit: 48, bits: 8 }, ...transport(40) },
};

/** The words of all matches; those at one place are joined. */
export function u32Keys(option: string, matches: unknown): Required<U32Key>[] {
  if (!Array.isArray(matches)) throw wrongType(option, "an array", matches);
  const keys: Required<U32Key>[] = [];
  matches.forEach((match: unknown, index) => {
    const name = `${option}[${index}]`;
    if (typeof match !== "object" || match === null) throw wrongType(name, "an object", match);
    for (const key of keysOf(name, match as Members)) join(name, keys, key);
  });
  if (keys.length > 128) throw outOfRange(option, "at most 128 words", matches);
  return keys;
}

function keysOf(option: string, match: Members): Required<U32Key>[] {
  if ("ip" in match) {
    checkOptions(option, match, ["ip"]);
    return fieldKeys(`${option}.ip`, match.ip, ip, true);
  }
  if ("ip6" in match) {
    checkOptions(option, match, ["ip6"]);
    return fieldKeys(`${option}.ip6`, match.ip6, ip6, false);
  }
  checkOptions(option, match, ["value", "mask", "offset", "offmask"]);
  const { value, mask, offset, offmask = 0 } = match;
  return [{
    value: checkInteger(`${option}.value`, value, 0, 0xffffffff),
    mask: checkInteger(`${option}.mask`, mask, 0, 0xffffffff),
    offset: checkInteger(`${option}.offset`, offset, -0x80000000),
    offmask: checkInteger(`${option}.offmask`, offmask, -0x80000000),
  }];
}

function fieldKeys(
  option: string,
  value: unknown,
  fields: Fields,
  isIpv4: boolean,
): Required<U32Key>[] {
  if (typeof value !== "object" || value === null) throw wrongType(option, "an object", value);
  checkOptions(option, value, ["src", "dst", ...Object.keys(fields.numbers)]);
  const members = value as Members;
  const keys: Required<U32Key>[] = [];
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member === undefined) continue;
    if (name === "src" || name === "dst") {
      keys.push(...addressKeys(`${option}.${name}`, member, fields[name], isIpv4));
    } else keys.push(numberKey(`${option}.${name}`, name, member, fields.numbers[name]!));
  }
  return keys;
}

function addressKeys(
  option: string,
  value: unknown,
  offset: number,
  isIpv4: boolean,
): Required<U32Key>[] {
  const prefix = parsePrefix(value, option);
  if ((prefix.family === AF_INET) !== isIpv4) {
    throw wrongType(option, `an IPv${isIpv4 ? 4 : 6} address`, value);
  }
  checkHostBits(prefix, option, value);
  const bytes = new DataView(prefix.bytes.buffer, prefix.bytes.byteOffset);
  const keys: Required<U32Key>[] = [];
  for (let at = 0; at < prefix.bytes.byteLength; at += 4) {
    const bits = Math.min(32, Math.max(0, prefix.length - 8 * at));
    if (bits === 0) break;
    const mask = 2 ** 32 - 2 ** (32 - bits);
    keys.push({ value: bytes.getUint32(at), mask, offset: offset + at, offmask: 0 });
  }
  return keys;
}

function numberKey(
  option: string,
  name: string,
  value: unknown,
  { bit, bits }: Field,
): Required<U32Key> {
  const known = name === "protocol" && typeof value === "string" &&
    Object.hasOwn(IP_PROTOCOLS, value);
  const number = checkInteger(
    option,
    known ? IP_PROTOCOLS[value as keyof typeof IP_PROTOCOLS] : value,
    0,
    2 ** bits - 1,
  );
  const shift = 2 ** (32 - bits - bit % 32);
  const offset = Math.floor(bit / 32) * 4;
  return { value: number * shift, mask: (2 ** bits - 1) * shift, offset, offmask: 0 };
}

function join(option: string, keys: Required<U32Key>[], key: Required<U32Key>): void {
  const other = keys.find(({ offset, offmask }) =>
    offset === key.offset && offmask === key.offmask
  );
  if (other === undefined) {
    keys.push({ ...key, value: (key.value & key.mask) >>> 0 });
    return;
  }
  if (((other.value ^ key.value) & other.mask & key.mask) !== 0) {
    throw new RangeError(`${option} contradicts what is to match before it`);
  }
  other.value = (other.value | key.value & key.mask) >>> 0;
  other.mask = (other.mask | key.mask) >>> 0;
}
