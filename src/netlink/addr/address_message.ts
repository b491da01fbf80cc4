/**
 * RTM_NEWADDR and its relatives: an address as bytes and as an object.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../../ffi/constants.ts";
import { checkBoolean, outOfRange, wrongType } from "../../check.ts";
import { ipText } from "../../ip_address.ts";
import { ip } from "../codec/addresses.ts";
import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import { struct, text, u32, u8, words, writeLink } from "../codec/values.ts";
import { IFA, IFA_F } from "../constants/if_addr.ts";
import { parsePrefix, type Prefix } from "../prefix.ts";
import { RT_SCOPE } from "../scope.ts";
import type { Address } from "./address.ts";

/** The length of `struct ifaddrmsg`. */
export const IFADDRMSG_LENGTH = 8;

const FOREVER = 0xffffffff;

/** `struct ifa_cacheinfo`: lifetimes in s, times in 1/100 s. */
const cacheInfo = struct([
  ["preferredLft", "u32"],
  ["validLft", "u32"],
  ["created", "u32"],
  ["updated", "u32"],
]);

/** The attributes of an address. Which address is whose is told by {@linkcode readAddress}. */
const attributes: AttributeTable = attributeTable(IFA, {
  IFA_LOCAL: ["local", ip],
  IFA_ADDRESS: ["prefix", ip],
  IFA_LABEL: ["label", text(15)],
  IFA_BROADCAST: ["broadcast", ip],
  IFA_ANYCAST: ["anycast", ip],
  IFA_RT_PRIORITY: ["metric", u32],
  IFA_CACHEINFO: ["cacheInfo", cacheInfo],
  IFA_FLAGS: ["flags", u32],
  IFA_PROTO: ["proto", u8],
});

/** What a caller may switch, by flag. */
const switches = {
  nodad: IFA_F.NODAD,
  optimistic: IFA_F.OPTIMISTIC,
  home: IFA_F.HOMEADDRESS,
  mngtmpaddr: IFA_F.MANAGETEMPADDR,
  noprefixroute: IFA_F.NOPREFIXROUTE,
  autojoin: IFA_F.MCAUTOJOIN,
} as const;

const scope = words(u8, RT_SCOPE);
const flagWords = Object.entries(IFA_F);

const otherMembers = [
  ...Object.keys(switches),
  ...["dev", "address", "peer", "scope", "validLft", "preferredLft"],
  ...["family", "flags", "created", "updated"],
];

/** Appends an address to add, to replace or to remove. */
export function writeAddress(writer: MessageWriter, options: unknown, removing = false): void {
  checkMembers("options", options, attributes, otherMembers);
  const local = parsePrefix(options.address, "options.address");
  const peer = options.peer === undefined ? local : parsePrefix(options.peer, "options.peer");
  if (peer.family !== local.family) {
    throw wrongType("options.peer", "of the same family as options.address", options.peer);
  }
  const flags = flagsOf(options);
  writer.u8(local.family).u8((peer.explicit ? peer : local).length).u8(flags & 0xff);
  const isLoopback = local.family === AF_INET && local.bytes[0] === 127;
  const given = options.scope ?? (isLoopback && !removing ? "host" : "global");
  scope.write(writer, given, "options.scope", {});
  writeLink(writer, options.dev, "options.dev");
  writeAttributes(writer, attributes, {
    ...options,
    local: local.text,
    prefix: peer.text,
    broadcast: options.broadcast === true ? lastAddress(peer) : options.broadcast,
    cacheInfo: removing ? undefined : lifetimes(options),
    flags: flags > 0xff ? flags : undefined,
  }, "options");
}

function flagsOf(options: Members): number {
  let flags = 0;
  for (const [name, bit] of Object.entries(switches)) {
    checkBoolean(`options.${name}`, options[name]);
    if (options[name] === true) flags |= bit;
  }
  return flags;
}

function lifetimes({ validLft, preferredLft }: Members): Members | undefined {
  if (validLft === undefined && preferredLft === undefined) return undefined;
  return {
    preferredLft: seconds("options.preferredLft", preferredLft ?? validLft),
    validLft: seconds("options.validLft", validLft),
  };
}

function seconds(option: string, value: unknown): number {
  if (value === undefined || value === Infinity) return FOREVER;
  if (typeof value !== "number") throw wrongType(option, "a number of seconds", value);
  if (!Number.isInteger(value) || value < 0 || value >= FOREVER) {
    throw outOfRange(option, `an integer from 0 to ${FOREVER - 1}, or Infinity`, value);
  }
  return value;
}

/** The last address of a prefix: all bits set that are not of the network. */
function lastAddress({ bytes, length }: Prefix): string {
  const last = bytes.map((byte, index) =>
    byte | 0xff >> Math.min(8, Math.max(0, length - 8 * index))
  );
  return ipText(last, 0, last.byteLength);
}

/** Reads an address from its header on. */
export function readAddress(
  reader: MessageReader,
  start: number,
  end: number,
): Address | undefined {
  if (end - start < IFADDRMSG_LENGTH) return undefined;
  const members: Members = {
    family: reader.u8(start) === AF_INET6 ? "inet6" : "inet",
    dev: reader.linkName(reader.u32(start + 4)),
    address: "",
    scope: scope.read(reader, start + 3, start + 4, {}),
    validLft: Infinity,
    preferredLft: Infinity,
    flags: reader.u8(start + 2),
  };
  readAttributes(reader, start + IFADDRMSG_LENGTH, end, attributes, members);
  const { local = members.prefix, prefix = local, cacheInfo } = members;
  delete members.local;
  delete members.prefix;
  delete members.cacheInfo;
  const length = `/${reader.u8(start + 1)}`;
  members.address = local === prefix ? local + length : local;
  if (local !== prefix) members.peer = prefix + length;
  readFlags(members);
  if (cacheInfo !== undefined) readLifetimes(cacheInfo as Members, members);
  return members as unknown as Address;
}

function readFlags(members: Members): void {
  const flags = members.flags as number;
  for (const [name, bit] of Object.entries(switches)) if (flags & bit) members[name] = true;
  members.flags = flagWords.filter(([, bit]) => flags & bit).map(([word]) => word);
}

function readLifetimes(cacheInfo: Members, members: Members): void {
  Object.assign(members, cacheInfo);
  for (const name of ["validLft", "preferredLft"]) {
    if (members[name] === FOREVER) members[name] = Infinity;
  }
}

/** Names the attribute of an address message that is at an offset. */
export function addressAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + IFADDRMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
