/**
 * tc-netem(8): a bad network, with delays, losses and other faults.
 *
 * @module
 */

import { checkInteger, checkOptions, wrongType } from "../../../check.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { flat } from "../../codec/nests.ts";
import { boolean, struct, structHeader, u32, u64 } from "../../codec/values.ts";
import { TCA_NETEM } from "../../constants/pkt_sched.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { RATE_IN_64_BITS } from "../rate_spec.ts";
import { ticksOf, ticksToTime } from "../ticks.ts";
import {
  type Duration,
  formatPercentage,
  formatRate,
  formatTime,
  parsePercentage,
  parseRate,
  parseSize,
  parseTime,
  type Percentage,
  type Rate,
  type Size,
} from "../units.ts";
import { type Distribution, distribution } from "./netem_distribution.ts";
import { type LossGemodel, lossModel, type LossState } from "./netem_loss.ts";

/** Packets that are sent in bursts, as by a radio that has its turn now and then. */
export interface Slot {
  /** The least time between two turns. */
  minDelay?: Duration | undefined;
  /** The most; `minDelay` by default. */
  maxDelay?: Duration | undefined;
  /** How many packets a turn has at most. */
  packets?: number | undefined;
  /** How many bytes a turn has at most. */
  bytes?: Size | undefined;
  /** Instead of `minDelay` and `maxDelay`: how the time spreads around `delay`. */
  distribution?: Distribution | undefined;
  delay?: Duration | undefined;
  jitter?: Duration | undefined;
}

/** A network emulator. What is left out or 0 does not happen. */
export interface Netem {
  kind: "netem";
  /** How many packets may wait; 1000 by default. */
  limit?: number | undefined;
  /** How late packets are. */
  delay?: Duration | undefined;
  /** By how much that varies. */
  jitter?: Duration | undefined;
  /** How much the delay of a packet is like that of the one before. */
  delayCorrelation?: Percentage | undefined;
  /** How delays spread; evenly by default. The kernel does not tell it. */
  distribution?: Distribution | undefined;
  /** How many packets are lost. */
  loss?: Percentage | undefined;
  lossCorrelation?: Percentage | undefined;
  /** Losses by a Markov chain of four states, instead of `loss`. */
  lossState?: LossState | undefined;
  /** Losses by a Markov chain of two states, instead of `loss`. */
  lossGemodel?: LossGemodel | undefined;
  /** Whether packets are marked instead of lost where possible. */
  ecn?: boolean | undefined;
  /** How many packets come twice. */
  duplicate?: Percentage | undefined;
  duplicateCorrelation?: Percentage | undefined;
  /** How many packets have a wrong bit. */
  corrupt?: Percentage | undefined;
  corruptCorrelation?: Percentage | undefined;
  /** How many packets are not delayed, and so overtake others. It needs `delay`. */
  reorder?: Percentage | undefined;
  reorderCorrelation?: Percentage | undefined;
  /** Each so manieth packet may overtake; 1 by default. */
  gap?: number | undefined;
  /** How fast packets are sent. */
  rate?: Rate | undefined;
  /** Bytes that are added to each packet for the rate; may be negative. */
  packetOverhead?: number | undefined;
  /** The size of the cells that packets are sent in, and what is added to each, in bytes. */
  cellSize?: number | undefined;
  cellOverhead?: number | undefined;
  slot?: Slot | undefined;
  /** Of the chance: the same one gives the same faults. Since Linux 6.7. */
  seed?: bigint | undefined;
}

const DEFAULT_LIMIT = 1000;

/** `struct tc_netem_qopt`. */
const header = structHeader([
  ["latencyTicks", "u32"],
  ["limit", "u32"],
  ["lossShare", "u32"],
  ["gap", "u32"],
  ["duplicateShare", "u32"],
  ["jitterTicks", "u32"],
]);

const correlations = struct([
  ["delayCorrelation", "u32"],
  ["lossCorrelation", "u32"],
  ["duplicateCorrelation", "u32"],
]);

const chance = struct([["share", "u32"], ["correlation", "u32"]]);

const rateParameters = struct([
  ["rate", "u32"],
  ["packetOverhead", "i32"],
  ["cellSize", "u32"],
  ["cellOverhead", "i32"],
]);

const slotParameters = struct([
  ["minDelay", "u64"],
  ["maxDelay", "u64"],
  ["packets", "u32"],
  ["bytes", "u32"],
  ["delay", "u64"],
  ["jitter", "u64"],
]);

/** All 64 bits, which a number cannot hold. */
const seed: Value = {
  write(writer, value, option) {
    if (typeof value !== "bigint") throw wrongType(option, "a bigint", value);
    writer.u64(BigInt.asUintN(64, value));
  },
  read(reader, start, end) {
    if (end - start !== 8) return undefined;
    return (BigInt(reader.u32(start + 4)) << 32n) | BigInt(reader.u32(start));
  },
};

/** The options of the kind. */
export const netem: OptionsOfKind = {
  table: attributeTable(TCA_NETEM, {
    TCA_NETEM_CORR: ["correlations", correlations],
    TCA_NETEM_LATENCY64: ["latency", u64],
    TCA_NETEM_JITTER64: ["jitter", u64],
    TCA_NETEM_REORDER: ["reorder", chance],
    TCA_NETEM_ECN: ["ecn", boolean(u32)],
    TCA_NETEM_CORRUPT: ["corrupt", chance],
    TCA_NETEM_LOSS: flat(lossModel),
    TCA_NETEM_RATE64: ["rate64", u64],
    TCA_NETEM_RATE: ["rate", rateParameters],
    TCA_NETEM_SLOT: ["slot", slotParameters],
    TCA_NETEM_DELAY_DIST: ["distribution", distribution],
    TCA_NETEM_SLOT_DIST: ["slotDistribution", distribution],
    TCA_NETEM_PRNG_SEED: ["seed", seed],
  }, header),
  options: [
    ...["limit", "delay", "jitter", "delayCorrelation", "distribution", "loss", "lossCorrelation"],
    ...["lossState", "lossGemodel", "ecn", "duplicate", "duplicateCorrelation"],
    ...["corrupt", "corruptCorrelation", "reorder", "reorderCorrelation", "gap"],
    ...["rate", "packetOverhead", "cellSize", "cellOverhead", "slot", "seed"],
  ],
  encode,
  decode,
};

function encode(members: Members, option: string): Members {
  const time = (name: string) =>
    members[name] === undefined ? 0 : parseTime(`${option}.${name}`, members[name]);
  const share = (name: string) =>
    members[name] === undefined ? 0 : parsePercentage(`${option}.${name}`, members[name]);
  const latency = time("delay");
  const jitter = time("jitter");
  if (members.distribution !== undefined && jitter === 0) {
    throw wrongType(`${option}.jitter`, "given with distribution", members.jitter);
  }
  const reorder = share("reorder");
  if (reorder !== 0 && latency === 0) {
    throw wrongType(`${option}.delay`, "given with reorder", members.delay);
  }
  checkLoss(members, option);
  const limit = checkInteger(`${option}.limit`, members.limit ?? DEFAULT_LIMIT, 0, 0xffffffff);
  return {
    latencyTicks: ticksOf(latency),
    limit,
    lossShare: share("loss"),
    gap: members.gap ?? (reorder === 0 ? 0 : 1),
    duplicateShare: share("duplicate"),
    jitterTicks: ticksOf(jitter),
    latency: inTicks(latency) ? undefined : latency,
    jitter: inTicks(jitter) ? undefined : jitter,
    correlations: someOf({
      delayCorrelation: share("delayCorrelation"),
      lossCorrelation: share("lossCorrelation"),
      duplicateCorrelation: share("duplicateCorrelation"),
    }),
    reorder: someOf({ share: reorder, correlation: share("reorderCorrelation") }),
    corrupt: someOf({ share: share("corrupt"), correlation: share("corruptCorrelation") }),
    ...encodeRate(members, option),
    ...encodeSlot(members.slot, `${option}.slot`),
  };
}

/** Whether the old members, of 32 bits in ticks, hold a time. */
function inTicks(nanoseconds: number): boolean {
  return ticksToTime(ticksOf(nanoseconds)) === nanoseconds;
}

function checkLoss({ loss, lossState, lossGemodel }: Members, option: string): void {
  const given = [loss, lossState, lossGemodel].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new TypeError(`${option} must have only one of loss, lossState, lossGemodel`);
  }
}

/** Undefined when all are 0, which is what an absent attribute means. */
function someOf(numbers: Record<string, number>): Record<string, number> | undefined {
  return Object.values(numbers).some((number) => number !== 0) ? numbers : undefined;
}

function encodeRate(members: Members, option: string): Members {
  const { packetOverhead = 0, cellSize = 0, cellOverhead = 0 } = members;
  if (members.rate === undefined) return { rate: undefined };
  const rate = parseRate(`${option}.rate`, members.rate);
  return {
    rate64: rate < RATE_IN_64_BITS ? undefined : rate,
    rate: {
      rate: Math.min(rate, RATE_IN_64_BITS),
      packetOverhead: checkInteger(`${option}.packetOverhead`, packetOverhead, -0x80000000),
      cellSize: checkInteger(`${option}.cellSize`, cellSize, 0),
      cellOverhead: checkInteger(`${option}.cellOverhead`, cellOverhead, -0x80000000),
    },
  };
}

const slotNames = ["minDelay", "maxDelay", "packets", "bytes", "distribution", "delay", "jitter"];

function encodeSlot(slot: unknown, option: string): Members {
  if (slot === undefined) return {};
  checkOptions(option, slot, slotNames);
  const { minDelay, maxDelay = minDelay, packets = 0, bytes = 0, ...spread } = slot as Members;
  const time = (name: string, value: unknown) =>
    value === undefined ? 0 : parseTime(`${option}.${name}`, value);
  if (spread.distribution !== undefined && time("jitter", spread.jitter) === 0) {
    throw wrongType(`${option}.jitter`, "given with distribution", spread.jitter);
  }
  return {
    slot: {
      minDelay: time("minDelay", minDelay),
      maxDelay: time("maxDelay", maxDelay),
      packets: checkInteger(`${option}.packets`, packets, 0),
      bytes: checkInteger(`${option}.bytes`, parseSize(`${option}.bytes`, bytes), 0),
      delay: time("delay", spread.delay),
      jitter: time("jitter", spread.jitter),
    },
    slotDistribution: spread.distribution,
  };
}

type Numbers = Readonly<Record<string, number>>;

/** What the kernel tells, without what does not happen. */
function decode(members: Members): void {
  const { latencyTicks, jitterTicks, latency, jitter, lossShare, duplicateShare } = members;
  const { correlations, reorder, corrupt, rate, rate64, slot, gap } = members;
  if (latencyTicks === undefined) return;
  const internal = ["latencyTicks", "jitterTicks", "latency", "lossShare", "duplicateShare"];
  const structures = ["correlations", "reorder", "corrupt", "rate", "rate64", "slot", "gap"];
  for (const name of [...internal, ...structures, "jitter"]) delete members[name];
  setTime(members, "delay", latency as number ?? ticksToTime(latencyTicks as number));
  setTime(members, "jitter", jitter as number ?? ticksToTime(jitterTicks as number));
  setShare(members, "loss", lossShare as number);
  setShare(members, "duplicate", duplicateShare as number);
  for (const [name, share] of Object.entries(correlations as Numbers ?? {})) {
    setShare(members, name, share);
  }
  setChance(members, "reorder", reorder as Numbers);
  setChance(members, "corrupt", corrupt as Numbers);
  if (gap !== 0) members.gap = gap;
  if (members.ecn === false) delete members.ecn;
  decodeRate(members, rate as Numbers, rate64 as number);
  if (slot !== undefined) members.slot = decodeSlot(slot as Numbers);
}

function setTime(members: Members, name: string, nanoseconds: number): void {
  if (nanoseconds !== 0) members[name] = formatTime(nanoseconds);
}

function setShare(members: Members, name: string, share = 0): void {
  if (share !== 0) members[name] = formatPercentage(share);
}

function setChance(members: Members, name: string, { share, correlation }: Numbers = {}): void {
  setShare(members, name, share);
  setShare(members, `${name}Correlation`, correlation);
}

function decodeRate(members: Members, numbers: Numbers = {}, rate64 = numbers.rate ?? 0): void {
  if (rate64 !== 0) members.rate = formatRate(rate64);
  for (const name of ["packetOverhead", "cellSize", "cellOverhead"]) {
    if (numbers[name]) members[name] = numbers[name];
  }
}

function decodeSlot(numbers: Numbers): Members {
  const slot: Members = {};
  for (const name of ["minDelay", "maxDelay", "delay", "jitter"]) {
    setTime(slot, name, numbers[name] ?? 0);
  }
  for (const name of ["packets", "bytes"]) if (numbers[name]) slot[name] = numbers[name];
  return slot;
}
