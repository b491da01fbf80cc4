/**
 * RTM_NEWNEIGH and its relatives of AF_BRIDGE: an entry of a forwarding database as bytes and as an
 * object.
 *
 * @module
 */

import { AF_BRIDGE } from "../constants/neighbour.ts";
import { wrongType } from "../../check.ts";
import { ip, mac } from "../codec/addresses.ts";
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
import { be16, i32, link, u16, u32, wordNumber } from "../codec/values.ts";
import { NDA, NTF, NTF_EXT, NUD } from "../constants/neighbour.ts";
import {
  cacheInfo,
  NDMSG_LENGTH,
  readSwitches,
  switchedBits,
  writeNeighbourHeader,
} from "../neigh/ndmsg.ts";
import { protocol } from "../protocol.ts";
import type { FdbEntry, FdbState } from "./fdb_entry.ts";

/** Whether a port may not use the address: a bit of `NDA_FLAGS_EXT`. Only read. */
const locked: Value = {
  write() {},
  read: (reader, start, end) =>
    end - start === 4 ? (reader.u32(start) & NTF_EXT.LOCKED) !== 0 : undefined,
};

/** The attributes of an entry. */
const attributes: AttributeTable = attributeTable(NDA, {
  NDA_LLADDR: ["mac", mac],
  NDA_DST: ["dst", ip],
  NDA_VLAN: ["vlan", u16],
  NDA_NH_ID: ["nhid", u32],
  NDA_PORT: ["port", be16],
  NDA_VNI: ["vni", u32],
  NDA_SRC_VNI: ["srcVni", u32],
  NDA_IFINDEX: ["via", link],
  NDA_PROTOCOL: ["proto", protocol],
  NDA_MASTER: ["master", link, "read-only"],
  NDA_FLAGS_EXT: ["locked", locked, "read-only"],
  NDA_LINK_NETNSID: ["linkNetnsid", i32, "read-only"],
  NDA_CACHEINFO: ["cacheInfo", cacheInfo, "read-only"],
});

/** What a caller may switch, by flag. */
const switches = {
  self: NTF.SELF,
  sticky: NTF.STICKY,
  router: NTF.ROUTER,
  use: NTF.USE,
  externLearn: NTF.EXT_LEARNED,
} as const;

const readOnlySwitches = { offloaded: NTF.OFFLOADED } as const;

const otherMembers = ["dev", "state", ...Object.keys(switches), "offloaded"];

/** The bits of `NUD_*` by which iproute2 says how long an entry stays. */
const states = {
  permanent: NUD.permanent | NUD.noarp,
  static: NUD.reachable | NUD.noarp,
  dynamic: NUD.reachable,
  stale: NUD.reachable | NUD.stale,
} as const;

/** Appends an entry to add or to remove. */
export function writeFdbEntry(writer: MessageWriter, options: unknown): void {
  checkMembers("options", options, attributes, otherMembers);
  if (options.mac === undefined) throw wrongType("options.mac", "a link-layer address", undefined);
  const { master, self, state = "permanent" } = options;
  const inMaster = isInMaster(master);
  const flags = switchedBits(switches, { ...options, self: self ?? !inMaster });
  writeNeighbourHeader(writer, {
    family: AF_BRIDGE,
    dev: options.dev,
    state: wordNumber(states, state, "options.state", 0xffff),
    flags: flags | (inMaster ? NTF.MASTER : 0),
  });
  writeAttributes(writer, attributes, options, "options");
}

function isInMaster(master: unknown): boolean {
  if (master === undefined || master === null || master === false) return false;
  if (master === true || typeof master === "string" || typeof master === "number") return true;
  throw wrongType("options.master", "a boolean, or the name of the bridge", master);
}

function stateWord(bits: number): FdbState {
  if ((bits & NUD.permanent) !== 0) return "permanent";
  if ((bits & NUD.noarp) !== 0) return "static";
  if ((bits & NUD.stale) !== 0) return "stale";
  return (bits & NUD.reachable) !== 0 ? "dynamic" : bits;
}

/** Reads an entry from its header on; undefined for what is no entry of a forwarding database. */
export function readFdbEntry(
  reader: MessageReader,
  start: number,
  end: number,
): FdbEntry | undefined {
  if (end - start < NDMSG_LENGTH || reader.u8(start) !== AF_BRIDGE) return undefined;
  const flags = reader.u8(start + 10);
  const dev = reader.linkName(reader.u32(start + 4));
  const members: Members = { mac: "", dev, state: stateWord(reader.u16(start + 8)) };
  readAttributes(reader, start + NDMSG_LENGTH, end, attributes, members);
  // The bridge's own addresses are in its own database.
  if (members.master === dev) delete members.master;
  if (members.locked === false) delete members.locked;
  readSwitches(switches, flags, members);
  readSwitches(readOnlySwitches, flags, members);
  return members as unknown as FdbEntry;
}

/** Names the attribute of a message about an entry that is at an offset. */
export function fdbAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + NDMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
