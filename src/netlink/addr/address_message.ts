/**
 * RTM_NEWADDR and its relatives: an address as bytes and as an object.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../../ffi/constants.ts";
import { checkBoolean, outOfRange, wrongType } from "../../check.ts";
import { ip } from "../codec/addresses.ts";
import {
  type AttributeTable,
  attributeTable,
  type Members,
  type Value,
} from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import { bitWords, text, u32, u8, words, writeLink } from "../codec/values.ts";
import { IFA, IFA_F } from "../constants/if_addr.ts";
import { type Family, familyNumber } from "../family.ts";
import { lastAddress, parsePrefix, prefixAddress } from "../prefix.ts";
import { RT_SCOPE } from "../scope.ts";
import type { Address } from "./address.ts";

/** The length of `struct ifaddrmsg`. */
export const IFADDRMSG_LENGTH = 8;

const FOREVER = 0xffffffff;

/** `struct ifa_cacheinfo`: two lifetimes in s, two times in 1/100 s. */
const lifetimes: Value = {
  write(writer, _value, _option, { preferredLft, validLft }) {
    const valid = seconds("options.validLft", validLft);
    const preferred = preferredLft === undefined
      ? valid
      : seconds("options.preferredLft", preferredLft);
    writer.u32(preferred).u32(valid).u32(0).u32(0);
  },
  read(reader, start, end, members) {
    if (end - start < 16) return undefined;
    members.preferredLft = readSeconds(reader, start);
    members.created = reader.u32(start + 8);
    members.updated = reader.u32(start + 12);
    return readSeconds(reader, start + 4);
  },
};

/** A broadcast address; true for the last one of the prefix. */
const broadcast: Value = {
  write(writer, value, option, { address, peer }) {
    if (value !== true) return ip.write(writer, value, option, {});
    writer.bytes(lastAddress(parsePrefix(peer ?? address, option)));
  },
  read: ip.read,
};

/** The attributes of an address. IPv6 has no `IFA_LOCAL` where there is no other end. */
const attributes: AttributeTable = attributeTable(IFA, {
  IFA_LOCAL: ["address", prefixAddress],
  IFA_ADDRESS: ["peer", prefixAddress],
  IFA_LABEL: ["label", text(15)],
  IFA_BROADCAST: ["broadcast", broadcast],
  IFA_ANYCAST: ["anycast", ip],
  IFA_RT_PRIORITY: ["metric", u32],
  IFA_CACHEINFO: ["validLft", lifetimes],
  IFA_FLAGS: ["flags", u32],
  IFA_PROTO: ["proto", u8],
});

/** Members that are read as their attributes tell them. */
const plainMembers = ["label", "broadcast", "anycast", "metric", "proto"] as const;

/** What a caller may switch, by flag. */
const switches = {
  nodad: IFA_F.NODAD,
  optimistic: IFA_F.OPTIMISTIC,
  home: IFA_F.HOMEADDRESS,
  mngtmpaddr: IFA_F.MANAGETEMPADDR,
  noprefixroute: IFA_F.NOPREFIXROUTE,
  autojoin: IFA_F.MCAUTOJOIN,
} as const;

const switchEntries = Object.entries(switches);
const scope = words(u8, RT_SCOPE);
const flagWords = bitWords(IFA_F);

const otherMembers = [
  ...["dev", "family", "scope", "preferredLft", "created", "updated"],
  ...Object.keys(switches),
];

/** Appends an address to add, to replace or to remove. */
export function writeAddress(writer: MessageWriter, options: unknown, removing = false): void {
  checkMembers("options", options, attributes, otherMembers);
  const { address, peer = address } = options;
  const local = parsePrefix(address, "options.address");
  const other = parsePrefix(peer, "options.peer");
  if (other.family !== local.family) {
    throw outOfRange("options.peer", "of the same family as options.address", peer);
  }
  const family: Family = local.family === AF_INET ? "inet" : "inet6";
  if (options.family !== undefined && options.family !== family) {
    throw outOfRange("options.family", `"${family}", as options.address is`, options.family);
  }
  const flags = flagsOf(options);
  writer.u8(familyNumber(family)).u8((other.explicit ? other : local).length).u8(flags & 0xff);
  const isLoopback = local.family === AF_INET && local.bytes[0] === 127;
  const given = options.scope ?? (isLoopback && !removing ? "host" : "global");
  scope.write(writer, given, "options.scope", options);
  writeLink(writer, options.dev, "options.dev");
  writeAttributes(writer, attributes, {
    ...options,
    peer,
    validLft: removing ? undefined : validLifetime(options),
    flags: flags > 0xff ? flags : undefined,
  }, "options");
}

function flagsOf(options: Members): number {
  let flags = 0;
  for (const [name, bit] of switchEntries) {
    checkBoolean(`options.${name}`, options[name]);
    if (options[name] === true) flags |= bit;
  }
  return flags;
}

/** How long an address is valid; undefined where the kernel is not to be told. */
function validLifetime({ validLft, preferredLft }: Members): unknown {
  return preferredLft !== undefined && validLft === undefined ? Infinity : validLft;
}

function seconds(option: string, value: unknown): number {
  if (value === Infinity || value === null) return FOREVER;
  if (typeof value !== "number") throw wrongType(option, "a number of seconds", value);
  if (!Number.isInteger(value) || value < 0 || value >= FOREVER) {
    throw outOfRange(option, `an integer from 0 to ${FOREVER - 1}, or Infinity`, value);
  }
  return value;
}

function readSeconds(reader: MessageReader, start: number): number {
  const seconds = reader.u32(start);
  return seconds === FOREVER ? Infinity : seconds;
}

/** Reads an address from its header on; undefined for one that is not of IP. */
export function readAddress(
  reader: MessageReader,
  start: number,
  end: number,
): Address | undefined {
  if (end - start < IFADDRMSG_LENGTH) return undefined;
  const family = reader.u8(start);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const told: Members = { flags: reader.u8(start + 2) };
  readAttributes(reader, start + IFADDRMSG_LENGTH, end, attributes, told);
  const { peer = told.address, address = peer } = told;
  if (address === undefined) return undefined;
  const length = `/${reader.u8(start + 1)}`;
  const flags = told.flags as number;
  const members: Members = {
    family: family === AF_INET ? "inet" : "inet6",
    dev: reader.linkName(reader.u32(start + 4)),
    address: address === peer ? address + length : address,
    scope: scope.read(reader, start + 3, start + 4, told),
    validLft: told.validLft ?? Infinity,
    preferredLft: told.preferredLft ?? Infinity,
    flags: flagWords(flags),
  };
  if (address !== peer) members.peer = peer + length;
  for (const name of plainMembers) if (told[name] !== undefined) members[name] = told[name];
  for (const [name, bit] of switchEntries) if ((flags & bit) !== 0) members[name] = true;
  if (told.created !== undefined) {
    members.created = told.created;
    members.updated = told.updated;
  }
  if (told.attributes !== undefined) members.attributes = told.attributes;
  return members as unknown as Address;
}

/** Names the attribute of an address message that is at an offset. */
export function addressAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + IFADDRMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
