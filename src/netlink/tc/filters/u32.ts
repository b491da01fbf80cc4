/**
 * tc-u32(8): compares words of a packet.
 *
 * @module
 */

import { checkInteger, checkOptions } from "../../../check.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { linkName, u32 as integer } from "../../codec/values.ts";
import { TC_U32_TERMINAL, TCA_U32 } from "../../constants/pkt_cls.ts";
import { type ActionAdd, actions } from "../actions/mod.ts";
import { classHandle, u32Handle } from "../handle.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { type ClassifierFlag, classifierFlags } from "./classifier_flags.ts";
import { type U32Key, u32Keys, type U32Match } from "./u32_match.ts";

/** Compares words of a packet, all of which must match. */
export interface U32 {
  kind: "u32";
  /** What must match; an empty array, or none with `classid` or `actions`, matches everything. */
  match?: readonly U32Match[] | undefined;
  /** The class that the packet goes to. */
  classid?: string | undefined;
  /** What is done with the packet, one after the other. */
  actions?: ActionAdd[] | undefined;
  /** The table, or the bucket of one, that the filter is in: `1:`, `1:7:`. */
  ht?: string | undefined;
  /** The table in which to look on: `1:`. */
  link?: string | undefined;
  /** By which word of the packet a bucket of that table is chosen. */
  hashkey?: { mask: number; offset: number } | undefined;
  /** Makes a table, with so many buckets, instead of a filter. */
  divisor?: number | undefined;
  /** The link that packets must have come in by. */
  indev?: string | undefined;
  flags?: ClassifierFlag[] | undefined;
  /** Told only: how often it looked, and how often it matched. */
  hits?: { ruleHit: number; success: number } | undefined;
}

/** `struct tc_u32_sel` without the words. */
const SELECTOR_LENGTH = 16;
const KEY_LENGTH = 16;

interface Selector {
  readonly flags: number;
  readonly keys: readonly U32Key[];
  readonly hashkey: { readonly mask: number; readonly offset: number } | undefined;
}

/** `struct tc_u32_sel`; what it says about variable offsets is not written. */
const selector: Value = {
  write(writer, value) {
    const { flags, keys, hashkey = { mask: 0, offset: 0 } } = value as Selector;
    writer.u8(flags).u8(0).u8(keys.length).u8(0);
    writer.u16(0).u16(0).u16(0).u16(hashkey.offset & 0xffff).be32(hashkey.mask);
    for (const { value, mask, offset, offmask = 0 } of keys) {
      writer.be32(mask).be32(value).u32(offset).u32(offmask);
    }
  },
  read(reader, start, end) {
    const count = end - start < SELECTOR_LENGTH ? 0 : reader.u8(start + 2);
    if (end - start < SELECTOR_LENGTH + count * KEY_LENGTH) return undefined;
    const keys: U32Key[] = [];
    for (let index = 0; index < count; index++) {
      const at = start + SELECTOR_LENGTH + index * KEY_LENGTH;
      keys.push({
        value: reader.be32(at + 4),
        mask: reader.be32(at),
        offset: reader.i32(at + 8),
        offmask: reader.i32(at + 12),
      });
    }
    const hashkey = { mask: reader.be32(start + 12), offset: reader.u16(start + 10) << 16 >> 16 };
    const flags = reader.u8(start);
    return { flags, keys, hashkey: hashkey.mask === 0 ? undefined : hashkey } satisfies Selector;
  },
};

/** The first two members of `struct tc_u32_pcnt`. */
const hits: Value = {
  write() {},
  read(reader, start, end) {
    if (end - start < 16) return undefined;
    return { ruleHit: reader.u64(start), success: reader.u64(start + 8) };
  },
};

/** The options of the kind. */
export const u32: OptionsOfKind = {
  table: attributeTable(TCA_U32, {
    TCA_U32_CLASSID: ["classid", classHandle],
    TCA_U32_DIVISOR: ["divisor", integer],
    TCA_U32_LINK: ["link", u32Handle],
    TCA_U32_HASH: ["ht", u32Handle],
    TCA_U32_INDEV: ["indev", linkName],
    TCA_U32_ACT: ["actions", actions],
    TCA_U32_SEL: ["selector", selector],
    TCA_U32_FLAGS: ["flags", classifierFlags],
    TCA_U32_PCNT: ["hits", hits, "read-only"],
  }),
  options: [
    ...["match", "classid", "actions", "ht", "link", "hashkey", "divisor", "indev", "flags"],
    "hits",
  ],
  encode,
  decode(members) {
    // The kernel's own tables, from 800: on, cannot be asked for where they are not.
    if (typeof members.ht === "string" && /^[89a-f]..:$/.test(members.ht)) delete members.ht;
    const selector = members.selector as Selector | undefined;
    if (selector === undefined) return;
    delete members.selector;
    members.match = selector.keys;
    if (selector.hashkey !== undefined) members.hashkey = selector.hashkey;
  },
};

function encode(members: Members, option: string): Members {
  const { match = [], hashkey, classid, actions, link, divisor } = members;
  // A table has no selector, and a filter without one is refused.
  if (divisor !== undefined && members.match === undefined) return {};
  const isTerminal = classid !== undefined || actions !== undefined ||
    link === undefined;
  const selector: Selector = {
    flags: isTerminal ? TC_U32_TERMINAL : 0,
    keys: u32Keys(`${option}.match`, match),
    hashkey: hashkey === undefined ? undefined : checkHashkey(`${option}.hashkey`, hashkey),
  };
  return { selector };
}

function checkHashkey(option: string, value: unknown): { mask: number; offset: number } {
  checkOptions(option, value, ["mask", "offset"]);
  const { mask, offset } = value as Members;
  return {
    mask: checkInteger(`${option}.mask`, mask, 0, 0xffffffff),
    offset: checkInteger(`${option}.offset`, offset, -0x8000, 0x7fff),
  };
}
