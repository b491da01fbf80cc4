/**
 * `RTAX_*`: what is known of the way to the destination of a route.
 *
 * @module
 */

import { outOfRange, wrongType } from "../../check.ts";
import { type AttributeTable, attributeTable, type Value } from "../codec/attribute_table.ts";
import { bits, boolean, text, u32 } from "../codec/values.ts";
import { RTAX } from "../constants/route.ts";

/** What is known of the way to the destination; what is left out is for the kernel to find out. */
export interface RouteMetrics {
  /** The largest packet on the way, in bytes. */
  mtu?: number | undefined;
  /** The largest window that is offered to TCP peers, in bytes. */
  window?: number | undefined;
  /** The first guess at the round-trip time, in ms, in steps of 1/8. */
  rtt?: number | undefined;
  /** The first guess at the variance of the round-trip time, in ms, in steps of 1/4. */
  rttvar?: number | undefined;
  /** The slow start threshold, in segments. */
  ssthresh?: number | undefined;
  /** The congestion window, in segments; it must be locked. */
  cwnd?: number | undefined;
  /** The largest segment that is announced to TCP peers, in bytes. */
  advmss?: number | undefined;
  /** By how many packets they may overtake each other. */
  reordering?: number | undefined;
  /** The time to live of packets. */
  hoplimit?: number | undefined;
  /** The initial congestion window, in segments. */
  initcwnd?: number | undefined;
  /** What is known to work on the way. */
  features?:
    | readonly ("ecn" | "sack" | "timestamp" | "allfrag" | "tcpUsecTs" | number)[]
    | undefined;
  /** The least time before TCP sends again, in ms. */
  rtoMin?: number | undefined;
  /** The initial receive window, in segments. */
  initrwnd?: number | undefined;
  /** Whether TCP acknowledges at once. */
  quickack?: boolean | undefined;
  /** The name of TCP's congestion control. */
  congctl?: string | undefined;
  /** Whether TCP Fast Open works without a cookie. */
  fastopenNoCookie?: boolean | undefined;
}

/** `RTAX_FEATURE_*` in the words of iproute2. */
const features = { ecn: 1, sack: 2, timestamp: 4, allfrag: 8, tcpUsecTs: 16 } as const;

/** `RTAX_LOCK` has the bit `1 << RTAX_*` of each metric. */
const lockable = {
  mtu: 0x4,
  window: 0x8,
  rtt: 0x10,
  rttvar: 0x20,
  ssthresh: 0x40,
  cwnd: 0x80,
  advmss: 0x100,
  reordering: 0x200,
  hoplimit: 0x400,
  rtoMin: 0x2000,
  congctl: 0x10000,
} as const;

/** A metric that can be locked. */
export type LockableMetric = keyof typeof lockable;

/** Milliseconds, of which the kernel counts parts. */
function milliseconds(parts: number): Value {
  return {
    write(writer, value, option) {
      if (typeof value !== "number") throw wrongType(option, "a number of ms", value);
      const count = value * parts;
      if (!Number.isInteger(count) || count < 0 || count > 0xffffffff) {
        throw outOfRange(option, `a number of ms in steps of 1/${parts}`, value);
      }
      writer.u32(count);
    },
    read(reader, start, end) {
      return end - start === 4 ? reader.u32(start) / parts : undefined;
    },
  };
}

/** The attributes within `RTA_METRICS`. */
export const metrics: AttributeTable = attributeTable(RTAX, {
  RTAX_MTU: ["mtu", u32],
  RTAX_WINDOW: ["window", u32],
  RTAX_RTT: ["rtt", milliseconds(8)],
  RTAX_RTTVAR: ["rttvar", milliseconds(4)],
  RTAX_SSTHRESH: ["ssthresh", u32],
  RTAX_CWND: ["cwnd", u32],
  RTAX_ADVMSS: ["advmss", u32],
  RTAX_REORDERING: ["reordering", u32],
  RTAX_HOPLIMIT: ["hoplimit", u32],
  RTAX_INITCWND: ["initcwnd", u32],
  RTAX_FEATURES: ["features", bits(u32, features)],
  RTAX_RTO_MIN: ["rtoMin", u32],
  RTAX_INITRWND: ["initrwnd", u32],
  RTAX_QUICKACK: ["quickack", boolean(u32)],
  RTAX_CC_ALGO: ["congctl", text(15)],
  RTAX_FASTOPEN_NO_COOKIE: ["fastopenNoCookie", boolean(u32)],
  RTAX_LOCK: ["lock", bits(u32, lockable)],
});
