/**
 * RTM_NEWRULE and its relatives: a rule as bytes and as an object.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../../ffi/constants.ts";
import { checkBoolean } from "../../check.ts";
import { type AttributeTable, attributeTable, type Members } from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import {
  be32,
  be64,
  bitWords,
  boolean,
  i32,
  linkName,
  u16,
  u32,
  u8,
  wordNumber,
  wordsByNumber,
} from "../codec/values.ts";
import { FIB_RULE, FR_ACT, FRA } from "../constants/fib_rules.ts";
import { commonFamily, familyNumber } from "../family.ts";
import { ipProtocol } from "../ip_protocol.ts";
import { parseNetwork, prefixAddress } from "../prefix.ts";
import { protocol } from "../protocol.ts";
import { table, tableInHeader, tableNumber, tableWord } from "../routing_table.ts";
import { range } from "./range.ts";
import type { Rule } from "./rule.ts";

/** The length of `struct fib_rule_hdr`. */
export const FIB_RULE_HDR_LENGTH = 12;

/** What the kernel tells of what does not suppress. */
const NOTHING_SUPPRESSED = -1;

/** The attributes of a rule. */
const attributes: AttributeTable = attributeTable(FRA, {
  FRA_SRC: ["from", prefixAddress],
  FRA_DST: ["to", prefixAddress],
  FRA_IIFNAME: ["iif", linkName],
  FRA_OIFNAME: ["oif", linkName],
  FRA_FWMARK: ["fwmark", u32],
  FRA_FWMASK: ["fwmask", u32],
  FRA_FLOW: ["realms", u32],
  FRA_TUN_ID: ["tunId", be64],
  FRA_TABLE: ["table", table],
  FRA_SUPPRESS_PREFIXLEN: ["suppressPrefixlength", i32],
  FRA_SUPPRESS_IFGROUP: ["suppressIfgroup", i32],
  FRA_GOTO: ["goto", u32],
  FRA_L3MDEV: ["l3mdev", boolean(u8)],
  FRA_UID_RANGE: ["uidrange", range("u32")],
  FRA_PROTOCOL: ["proto", protocol],
  FRA_IP_PROTO: ["ipproto", ipProtocol],
  FRA_SPORT_RANGE: ["sport", range("u16")],
  FRA_SPORT_MASK: ["sportMask", u16],
  FRA_DPORT_RANGE: ["dport", range("u16")],
  FRA_DPORT_MASK: ["dportMask", u16],
  FRA_DSCP: ["dscp", u8],
  FRA_DSCP_MASK: ["dscpMask", u8],
  FRA_FLOWLABEL: ["flowlabel", be32],
  FRA_FLOWLABEL_MASK: ["flowlabelMask", be32],
  FRA_PRIORITY: ["priority", u32],
});

const otherMembers = ["family", "tos", "action", "not", "flags"];

/** Appends a rule to add or to remove. */
export function writeRule(writer: MessageWriter, options: unknown, removing = false): void {
  checkMembers("options", options, attributes, otherMembers);
  const from = options.from === undefined ? undefined : parseNetwork(options.from, "options.from");
  const to = options.to === undefined ? undefined : parseNetwork(options.to, "options.to");
  const family = commonFamily(options.family, { "options.from": from, "options.to": to });
  checkBoolean("options.not", options.not);
  const inTable = tableOf(options, removing);
  const action = wordNumber(
    FR_ACT,
    options.action ?? defaultAction(options, removing),
    "options.action",
    255,
  );
  writer.u8(familyNumber(family)).u8(to?.length ?? 0).u8(from?.length ?? 0);
  u8.write(writer, options.tos ?? 0, "options.tos", options);
  writer.u8(tableInHeader(inTable)).u8(0).u8(0).u8(action);
  writer.u32(options.not === true ? FIB_RULE.INVERT : 0);
  const { l3mdev } = options;
  const members = { ...options, table: inTable, l3mdev: l3mdev === false ? undefined : l3mdev };
  writeAttributes(writer, attributes, members, "options");
}

function tableOf({ table, goto, l3mdev }: Members, removing: boolean): number {
  if (table !== undefined) return tableNumber(table, "options.table");
  return removing || goto !== undefined || l3mdev === true ? 0 : tableNumber("main", "");
}

function defaultAction({ goto }: Members, removing: boolean): number {
  if (goto !== undefined) return FR_ACT.goto;
  return removing ? 0 : FR_ACT.lookup;
}

const actionWord = wordsByNumber(FR_ACT);
const ruleFlagWords = bitWords({
  permanent: FIB_RULE.PERMANENT,
  not: FIB_RULE.INVERT,
  unresolved: FIB_RULE.UNRESOLVED,
  iifDetached: FIB_RULE.IIF_DETACHED,
  oifDetached: FIB_RULE.OIF_DETACHED,
});

/** Reads a rule from its header on; undefined for one that is not of IP. */
export function readRule(reader: MessageReader, start: number, end: number): Rule | undefined {
  if (end - start < FIB_RULE_HDR_LENGTH) return undefined;
  const family = reader.u8(start);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const flags = reader.u32(start + 8);
  const members: Members = {
    family: family === AF_INET ? "inet" : "inet6",
    priority: 0,
    action: actionWord(reader.u8(start + 7)),
    table: tableWord(reader.u8(start + 4)),
    flags: ruleFlagWords(flags),
  };
  readAttributes(reader, start + FIB_RULE_HDR_LENGTH, end, attributes, members);
  if (members.table === 0) delete members.table;
  if (members.to !== undefined) members.to = `${members.to}/${reader.u8(start + 1)}`;
  if (members.from !== undefined) members.from = `${members.from}/${reader.u8(start + 2)}`;
  if (members.suppressPrefixlength === NOTHING_SUPPRESSED) delete members.suppressPrefixlength;
  if (members.suppressIfgroup === NOTHING_SUPPRESSED) delete members.suppressIfgroup;
  const tos = reader.u8(start + 3);
  if (tos !== 0) members.tos = tos;
  if ((flags & FIB_RULE.INVERT) !== 0) members.not = true;
  return members as unknown as Rule;
}

/** Names the attribute of a rule message that is at an offset. */
export function ruleAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + FIB_RULE_HDR_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
