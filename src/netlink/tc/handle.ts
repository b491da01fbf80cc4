/**
 * Handles of traffic control: `1:` of a qdisc, `1:10` of a class, both numbers hexadecimal.
 *
 * @module
 */

import { checkInteger, wrongType } from "../../check.ts";
import type { Value } from "../codec/attribute_table.ts";
import {
  TC_H_CLSACT_EGRESS,
  TC_H_CLSACT_INGRESS,
  TC_H_INGRESS,
  TC_H_ROOT,
} from "../constants/pkt_sched.ts";

/** Words for places that have no number of their own. */
export type HandleWords = Readonly<Record<string, number>>;

/** Where a qdisc may be. */
export const qdiscParents: HandleWords = {
  root: TC_H_ROOT,
  ingress: TC_H_INGRESS,
  clsact: TC_H_INGRESS,
};

/** Where a class may be, besides below a class. */
export const classParents: HandleWords = { root: TC_H_ROOT };

/** What a filter may be attached to, besides a qdisc or a class by its handle. */
export const filterParents: HandleWords = {
  root: 0,
  ingress: TC_H_CLSACT_INGRESS,
  egress: TC_H_CLSACT_EGRESS,
};

/** The number of a handle, or of a word for one. */
export function parseHandle(option: string, value: unknown, words: HandleWords = {}): number {
  if (typeof value === "string") {
    if (Object.hasOwn(words, value)) return words[value]!;
    const [, major, minor] = /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/i.exec(value) ?? [];
    if (major !== undefined && minor !== undefined && value !== ":") {
      return (parseInt(major || "0", 16) * 0x10000) + parseInt(minor || "0", 16);
    }
  }
  const known = Object.keys(words).map((word) => `"${word}", `).join("");
  throw wrongType(option, `${known && `${known}or `}a handle like "1:" or "1:10"`, value);
}

/** The handle of a number. */
export function formatHandle(handle: number): string {
  const major = handle >>> 16;
  const minor = handle & 0xffff;
  if (handle === 0) return "0:";
  return `${major === 0 ? "" : major.toString(16)}:${minor === 0 ? "" : minor.toString(16)}`;
}

/** The handle of a number, or the word for it. */
export function formatParent(handle: number, words: HandleWords): string {
  for (const word in words) if (words[word] === handle) return word;
  return formatHandle(handle);
}

/** A class, in an attribute. */
export const classHandle: Value = {
  write(writer, value, option) {
    writer.u32(parseHandle(option, value));
  },
  read(reader, start, end) {
    return end - start === 4 ? formatHandle(reader.u32(start)) : undefined;
  },
};

/** The number of a handle of a u32 filter: `800:` of a table, `800:1f:800` of a filter in it. */
export function parseU32Handle(option: string, value: unknown): number {
  const [, table, bucket, node] = typeof value === "string"
    ? /^([0-9a-f]{1,3}):(?:([0-9a-f]{0,2}):([0-9a-f]{0,3}))?$/i.exec(value) ?? []
    : [];
  if (table === undefined) {
    throw wrongType(option, 'a handle of a u32 filter like "800:" or "800::801"', value);
  }
  return parseInt(table, 16) * 0x100000 + (parseInt(bucket || "0", 16) << 12) +
    parseInt(node || "0", 16);
}

/** The handle of a u32 filter. */
export function formatU32Handle(handle: number): string {
  const bucket = handle >>> 12 & 0xff;
  const node = handle & 0xfff;
  const table = `${(handle >>> 20).toString(16)}:`;
  if (bucket === 0 && node === 0) return table;
  return `${table}${bucket === 0 ? "" : bucket.toString(16)}:${
    node === 0 ? "" : node.toString(16)
  }`;
}

/** A table of u32 filters or a bucket of one, in an attribute. */
export const u32Handle: Value = {
  write(writer, value, option) {
    writer.u32(parseU32Handle(option, value));
  },
  read(reader, start, end) {
    return end - start === 4 ? formatU32Handle(reader.u32(start)) : undefined;
  },
};

/** The handle of a filter: a number, or of u32 a text. */
export function parseFilterHandle(option: string, value: unknown): number {
  return typeof value === "string"
    ? parseU32Handle(option, value)
    : checkInteger(option, value, 0, 0xffffffff);
}
