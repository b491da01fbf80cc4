/**
 * tc-fq(8): flows take turns, each at its own pace.
 *
 * @module
 */

import { attributeTable } from "../../codec/attribute_table.ts";
import { boolean, u32, u8 } from "../../codec/values.ts";
import { TCA_FQ } from "../../constants/pkt_sched.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { type Duration, type Rate, rateIn, type Size, sizeIn, timeIn } from "../units.ts";

/** Fair queueing with pacing. */
export interface Fq {
  kind: "fq";
  /** In packets. */
  limit?: number | undefined;
  /** How many packets of one flow may wait. */
  flowLimit?: number | undefined;
  /** How many bytes a flow may send in its turn. */
  quantum?: Size | undefined;
  /** How many bytes a new flow may send in its first turn. */
  initialQuantum?: Size | undefined;
  /** Whether flows are paced. */
  pacing?: boolean | undefined;
  /** The most that a flow may send. */
  maxrate?: Rate | undefined;
  /** The base 2 logarithm of the number of buckets. */
  bucketsLog?: number | undefined;
  /** After what silence a flow has its full credit again. */
  refillDelay?: Duration | undefined;
  /** The mask for hashes of packets without a socket. */
  orphanMask?: number | undefined;
  /** Below this rate a flow is paced by packet. */
  lowRateThreshold?: Rate | undefined;
  /** After what wait every packet is marked. */
  ceThreshold?: Duration | undefined;
  /** How inexact its timer may be. */
  timerSlack?: Duration | undefined;
  /** How far in the future a packet may want to be sent. */
  horizon?: Duration | undefined;
  /** Whether packets beyond that are dropped. */
  horizonDrop?: boolean | undefined;
}

const microseconds = timeIn(u32, 1000);

/** The options of the kind. */
export const fq: OptionsOfKind = {
  table: attributeTable(TCA_FQ, {
    TCA_FQ_PLIMIT: ["limit", u32],
    TCA_FQ_FLOW_PLIMIT: ["flowLimit", u32],
    TCA_FQ_QUANTUM: ["quantum", sizeIn(u32)],
    TCA_FQ_INITIAL_QUANTUM: ["initialQuantum", sizeIn(u32)],
    TCA_FQ_RATE_ENABLE: ["pacing", boolean(u32)],
    TCA_FQ_FLOW_MAX_RATE: ["maxrate", rateIn(u32)],
    TCA_FQ_BUCKETS_LOG: ["bucketsLog", u32],
    TCA_FQ_FLOW_REFILL_DELAY: ["refillDelay", microseconds],
    TCA_FQ_ORPHAN_MASK: ["orphanMask", u32],
    TCA_FQ_LOW_RATE_THRESHOLD: ["lowRateThreshold", rateIn(u32)],
    TCA_FQ_CE_THRESHOLD: ["ceThreshold", microseconds],
    TCA_FQ_TIMER_SLACK: ["timerSlack", timeIn(u32, 1)],
    TCA_FQ_HORIZON: ["horizon", microseconds],
    TCA_FQ_HORIZON_DROP: ["horizonDrop", boolean(u8)],
  }),
};
