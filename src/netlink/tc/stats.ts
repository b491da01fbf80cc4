/**
 * `TCA_STATS2`: what went through a qdisc, a class or an action.
 *
 * @module
 */

import type { Members, Value } from "../codec/attribute_table.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { NLA_HDRLEN } from "../codec/message_writer.ts";
import { struct } from "../codec/values.ts";
import { TCA_STATS } from "../constants/gen_stats.ts";
import { NLA_TYPE_MASK } from "../constants/netlink.ts";
import { formatRate } from "./units.ts";

/** Counts of a qdisc, a class or an action; those of 64 bits are exact up to 2^53. */
export interface TrafficStats {
  /** Bytes that went through. */
  bytes: number;
  packets: number;
  /** Packets that were dropped. */
  drops: number;
  /** How often something was more than the rate allows. */
  overlimits: number;
  requeues: number;
  /** Packets that wait. */
  qlen: number;
  /** Bytes that wait. */
  backlog: number;
  /** The measured rate in bit/s, where it is measured. */
  rate?: number;
  /** The measured packets per second, where they are measured. */
  pps?: number;
  /** Of a class of htb: how often it sent at its own rate, and at that of its parent. */
  lends?: number;
  borrows?: number;
  /** Of a class of htb: packets that were larger than its `mtu`. */
  giants?: number;
  /** Of a class of htb: what is left of `burst` and `cburst`, in ticks of 64 ns. */
  tokens?: number;
  ctokens?: number;
  /** Of fq_codel. */
  maxpacket?: number;
  dropOverlimit?: number;
  ecnMark?: number;
  newFlowCount?: number;
  newFlowsLen?: number;
  oldFlowsLen?: number;
  ceMark?: number;
  memoryUsage?: number;
  dropOvermemory?: number;
}

/** What kinds count themselves, in `TCA_STATS_APP`. */
const ownStats: ReadonlyMap<unknown, Value> = new Map<unknown, Value>([
  [
    "htb",
    struct([
      ["lends", "u32"],
      ["borrows", "u32"],
      ["giants", "u32"],
      ["tokens", "i32"],
      ["ctokens", "i32"],
    ]),
  ],
]);

/** `struct tc_fq_codel_xstats` of the qdisc; that of a class has another type. */
const fqCodelStats = struct([
  [undefined, "u32"],
  ["maxpacket", "u32"],
  ["dropOverlimit", "u32"],
  ["ecnMark", "u32"],
  ["newFlowCount", "u32"],
  ["newFlowsLen", "u32"],
  ["oldFlowsLen", "u32"],
  ["ceMark", "u32"],
  ["memoryUsage", "u32"],
  ["dropOvermemory", "u32"],
]);

/** The attributes, flattened into one object. */
export const trafficStats: Value = {
  write() {},
  read(reader, start, end, members) {
    const stats: TrafficStats = {
      bytes: 0,
      packets: 0,
      drops: 0,
      overlimits: 0,
      requeues: 0,
      qlen: 0,
      backlog: 0,
    };
    let offset = start;
    while (offset + NLA_HDRLEN <= end) {
      const length = reader.u16(offset);
      const next = offset + length;
      if (length < NLA_HDRLEN || next > end) return undefined;
      const type = reader.u16(offset + 2) & NLA_TYPE_MASK;
      readOne(reader, type, offset + NLA_HDRLEN, next, stats, members);
      offset += length + 3 & ~3;
    }
    return stats;
  },
};

function readOne(
  reader: MessageReader,
  type: number,
  start: number,
  end: number,
  stats: TrafficStats,
  members: Members,
): void {
  const length = end - start;
  if (type === TCA_STATS.TCA_STATS_BASIC && length >= 12) {
    stats.bytes = reader.u64(start);
    stats.packets = reader.u32(start + 8);
  } else if (type === TCA_STATS.TCA_STATS_PKT64 && length >= 8) {
    stats.packets = reader.u64(start);
  } else if (type === TCA_STATS.TCA_STATS_QUEUE && length >= 20) {
    stats.qlen = reader.u32(start);
    stats.backlog = reader.u32(start + 4);
    stats.drops = reader.u32(start + 8);
    stats.requeues = reader.u32(start + 12);
    stats.overlimits = reader.u32(start + 16);
  } else if (type === TCA_STATS.TCA_STATS_RATE_EST && length >= 8) {
    stats.rate ??= formatRate(reader.u32(start));
    stats.pps ??= reader.u32(start + 4);
  } else if (type === TCA_STATS.TCA_STATS_RATE_EST64 && length >= 16) {
    stats.rate = formatRate(reader.u64(start));
    stats.pps = reader.u64(start + 8);
  } else if (type === TCA_STATS.TCA_STATS_APP) {
    const { kind } = members;
    const isQdisc = kind === "fq_codel" && length >= 40 && reader.u32(start) === 0;
    const value = isQdisc ? fqCodelStats : ownStats.get(kind);
    if (value !== undefined) Object.assign(stats, value.read(reader, start, end, members));
  }
}
