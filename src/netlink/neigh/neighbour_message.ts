/**
 * RTM_NEWNEIGH and its relatives: a neighbour as bytes and as an object.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../../ffi/constants.ts";
import { outOfRange, wrongType } from "../../check.ts";
import { ip, mac } from "../codec/addresses.ts";
import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import { u32, wordNumber, wordsByNumber } from "../codec/values.ts";
import { NDA, NTF, NUD } from "../constants/neighbour.ts";
import { type Family, familyNumber, familyOfAddress } from "../family.ts";
import { protocol } from "../protocol.ts";
import {
  cacheInfo,
  extendedFlags,
  NDMSG_LENGTH,
  readSwitches,
  switchedBits,
  writeNeighbourHeader,
} from "./ndmsg.ts";
import type { Neighbour } from "./neighbour.ts";

/** The attributes of a neighbour. */
const attributes: AttributeTable = attributeTable(NDA, {
  NDA_DST: ["dst", ip],
  NDA_LLADDR: ["lladdr", mac],
  NDA_PROTOCOL: ["proto", protocol],
  NDA_FLAGS_EXT: ["managed", extendedFlags],
  NDA_PROBES: ["probes", u32, "read-only"],
  NDA_CACHEINFO: ["cacheInfo", cacheInfo, "read-only"],
});

/** What a caller may switch, by flag. */
const switches = {
  proxy: NTF.PROXY,
  router: NTF.ROUTER,
  use: NTF.USE,
  externLearn: NTF.EXT_LEARNED,
} as const;

const readOnlySwitches = { offloaded: NTF.OFFLOADED } as const;

const otherMembers = ["dev", "nud", "externValid", "family", ...Object.keys(switches), "offloaded"];
const stateWord = wordsByNumber(NUD);

/** Appends a neighbour to add, to change or to remove. */
export function writeNeighbour(writer: MessageWriter, options: unknown): void {
  checkMembers("options", options, attributes, otherMembers);
  const { dst, dev, nud = "permanent", managed = false } = options;
  writeNeighbourHeader(writer, {
    family: familyOf(dst, options),
    dev,
    state: wordNumber(NUD, nud, "options.nud", 0xffff),
    flags: switchedBits(switches, options),
  });
  writeAttributes(writer, attributes, { ...options, managed }, "options");
}

/** Appends the question for one neighbour. */
export function writeNeighbourKey(writer: MessageWriter, options: unknown): void {
  checkMembers("options", options, attributes, otherMembers);
  const { dst, dev, proxy } = options;
  writeNeighbourHeader(writer, {
    family: familyOf(dst, options),
    dev,
    flags: switchedBits(switches, { proxy }),
  });
  writeAttributes(writer, attributes, { dst }, "options");
}

function familyOf(dst: unknown, { family: told }: Members): number {
  const family = familyOfAddress(dst);
  if (family === undefined) throw wrongType("options.dst", "an IPv4 or IPv6 address", dst);
  if (told !== undefined && told !== family) {
    throw outOfRange("options.family", `"${family}", as options.dst is`, told);
  }
  return familyNumber(family);
}

/** Reads a neighbour from its header on; undefined for one that is not of IP. */
export function readNeighbour(
  reader: MessageReader,
  start: number,
  end: number,
): Neighbour | undefined {
  if (end - start < NDMSG_LENGTH) return undefined;
  const family = reader.u8(start);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const flags = reader.u8(start + 10);
  const members: Members = {
    family: (family === AF_INET ? "inet" : "inet6") satisfies Family,
    dev: reader.linkName(reader.u32(start + 4)),
    dst: "",
    nud: stateWord(reader.u16(start + 8)),
  };
  readAttributes(reader, start + NDMSG_LENGTH, end, attributes, members);
  readSwitches(switches, flags, members);
  readSwitches(readOnlySwitches, flags, members);
  return members as unknown as Neighbour;
}

/** Names the attribute of a neighbour message that is at an offset. */
export function neighbourAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + NDMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
