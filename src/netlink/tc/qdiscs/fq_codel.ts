/**
 * tc-fq_codel(8): fair queues that drop what waited too long.
 *
 * @module
 */

import { attributeTable } from "../../codec/attribute_table.ts";
import { boolean, u32, u8 } from "../../codec/values.ts";
import { TCA_FQ_CODEL } from "../../constants/pkt_sched.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { type Duration, type Size, sizeIn, timeIn } from "../units.ts";

/** Fair queueing with controlled delay. */
export interface FqCodel {
  kind: "fq_codel";
  /** In packets; 10240 by default. */
  limit?: number | undefined;
  /** Into how many queues flows are spread, as it is made; 1024 by default. */
  flows?: number | undefined;
  /** For how long a packet may wait; 5 ms by default. */
  target?: Duration | undefined;
  /** For how long it may wait longer than that; 100 ms by default. */
  interval?: Duration | undefined;
  /** How many bytes a flow may send in its turn. */
  quantum?: Size | undefined;
  /** Whether packets are marked instead of dropped where possible. */
  ecn?: boolean | undefined;
  /** After what wait every packet is marked. */
  ceThreshold?: Duration | undefined;
  /** Marks only packets whose DS field, masked so, is `ceThresholdSelector`. */
  ceThresholdMask?: number | undefined;
  ceThresholdSelector?: number | undefined;
  /** How many packets are dropped at once when `limit` or `memoryLimit` is reached. */
  dropBatch?: number | undefined;
  /** How much memory packets may take, in bytes. */
  memoryLimit?: Size | undefined;
}

const microseconds = timeIn(u32, 1000);

/** The options of the kind. */
export const fqCodel: OptionsOfKind = {
  table: attributeTable(TCA_FQ_CODEL, {
    TCA_FQ_CODEL_LIMIT: ["limit", u32],
    TCA_FQ_CODEL_FLOWS: ["flows", u32],
    TCA_FQ_CODEL_QUANTUM: ["quantum", sizeIn(u32)],
    TCA_FQ_CODEL_INTERVAL: ["interval", microseconds],
    TCA_FQ_CODEL_TARGET: ["target", microseconds],
    TCA_FQ_CODEL_ECN: ["ecn", boolean(u32)],
    TCA_FQ_CODEL_CE_THRESHOLD: ["ceThreshold", microseconds],
    TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR: ["ceThresholdSelector", u8],
    TCA_FQ_CODEL_CE_THRESHOLD_MASK: ["ceThresholdMask", u8],
    TCA_FQ_CODEL_MEMORY_LIMIT: ["memoryLimit", sizeIn(u32)],
    TCA_FQ_CODEL_DROP_BATCH_SIZE: ["dropBatch", u32],
  }),
};
