/**
 * tc-htb(8): a hierarchy of classes that each have a rate, and lend what they do not use.
 *
 * @module
 */

import { checkInteger, outOfRange } from "../../../check.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { struct, u32 } from "../../codec/values.ts";
import { TCA_HTB } from "../../constants/pkt_sched.ts";
import type { OptionsOfKind } from "../kinds.ts";
import {
  type PacketLength,
  packetLengthNames,
  rate64,
  RATESPEC_LENGTH,
  readPacketLength,
  readRateSpec,
  writeRateSpec,
} from "../rate_spec.ts";
import { bytesOfTicks, ticksOfBytes } from "../ticks.ts";
import { formatRate, parseRate, parseSize, type Rate, type Size } from "../units.ts";

/** A hierarchical token bucket. */
export interface Htb {
  kind: "htb";
  /** The class of packets that no filter puts into one, as in `1:10`: hexadecimal, `"10"`. */
  default?: string | undefined;
  /** By what the rate of a class is divided to get its `quantum`; 10 by default. */
  r2q?: number | undefined;
  /** How many packets may wait that belong to no class. */
  directQlen?: number | undefined;
  /** Told only: how many packets belonged to no class. */
  directPackets?: number | undefined;
}

/** A class of htb. */
export interface HtbClass extends PacketLength {
  kind: "htb";
  /** What the class and those below it may send, whatever others do. */
  rate: Rate;
  /** What it may send when others leave something; `rate` by default. */
  ceil?: Rate | undefined;
  /** How much it may send at once at more than `rate`. The kernel keeps it in 64 ns. */
  burst?: Size | undefined;
  /** How much it may send at once at more than `ceil`. */
  cburst?: Size | undefined;
  /** Classes of a lower number are offered first what is left. */
  prio?: number | undefined;
  /** How many bytes it may send in its turn. */
  quantum?: Size | undefined;
  /** The largest packet, in bytes; 1600 by default. */
  mtu?: number | undefined;
  /** Told only: how many levels of classes are below it. */
  level?: number | undefined;
}

const HTB_VERSION = 3;
const DEFAULT_MTU = 1600;

/** `struct tc_htb_glob`. */
const globals = struct([
  ["version", "u32"],
  ["r2q", "u32"],
  ["default", "u32"],
  ["debug", "u32"],
  ["directPackets", "u32"],
]);

/** The options of the qdisc. */
export const htb: OptionsOfKind = {
  table: attributeTable(TCA_HTB, {
    TCA_HTB_INIT: ["globals", globals],
    TCA_HTB_DIRECT_QLEN: ["directQlen", u32],
    TCA_HTB_OFFLOAD: "redundant",
  }),
  options: ["default", "r2q", "directQlen", "directPackets"],
  encode({ default: defaultClass = "0", r2q = 10 }, option) {
    if (typeof defaultClass !== "string" || !/^[0-9a-f]{1,4}$/i.test(defaultClass)) {
      throw outOfRange(`${option}.default`, 'hexadecimal, like "10"', defaultClass);
    }
    checkInteger(`${option}.r2q`, r2q, 1, 0xffffffff);
    return { globals: { version: HTB_VERSION, r2q, default: parseInt(defaultClass, 16) } };
  },
  decode(members) {
    const globals = members.globals as Record<string, number> | undefined;
    if (globals === undefined) return;
    delete members.globals;
    members.default = (globals.default ?? 0).toString(16);
    members.r2q = globals.r2q;
    members.directPackets = globals.directPackets;
  },
};

/** `struct tc_htb_opt`. */
interface Parameters {
  readonly rate: number;
  readonly ceil: number;
  readonly buffer: number;
  readonly cbuffer: number;
  readonly quantum: number;
  readonly level: number;
  readonly prio: number;
  readonly mtu: number;
}

const parameters: Value = {
  write(writer, value, option, members) {
    const { rate, ceil, buffer, cbuffer, quantum, prio, mtu } = value as Parameters;
    const owner = option.slice(0, option.lastIndexOf("."));
    writeRateSpec(writer, rate, mtu, members, owner);
    writeRateSpec(writer, ceil, mtu, members, owner);
    writer.u32(buffer).u32(cbuffer).u32(quantum).u32(0).u32(prio);
  },
  read(reader, start, end, members) {
    if (end - start < 2 * RATESPEC_LENGTH + 20) return undefined;
    readPacketLength(reader, start, members);
    const values = start + 2 * RATESPEC_LENGTH;
    return {
      rate: readRateSpec(reader, start),
      ceil: readRateSpec(reader, start + RATESPEC_LENGTH),
      buffer: reader.u32(values),
      cbuffer: reader.u32(values + 4),
      quantum: reader.u32(values + 8),
      level: reader.u32(values + 12),
      prio: reader.u32(values + 16),
      mtu: 0,
    } satisfies Parameters;
  },
};

/** The options of a class. */
export const htbClass: OptionsOfKind = {
  table: attributeTable(TCA_HTB, {
    TCA_HTB_RATE64: ["rate", rate64],
    TCA_HTB_CEIL64: ["ceil", rate64],
    TCA_HTB_PARMS: ["parameters", parameters],
    TCA_HTB_PAD: "redundant",
    TCA_HTB_OFFLOAD: "redundant",
  }),
  options: [
    ...["rate", "ceil", "burst", "cburst", "prio", "quantum", "level", "mtu"],
    ...packetLengthNames,
  ],
  encode: encodeClass,
  decode: decodeClass,
};

function encodeClass(members: Members, option: string): Members {
  const rate = parseRate(`${option}.rate`, members.rate);
  if (rate === 0) throw outOfRange(`${option}.rate`, "at least 8 bit/s", members.rate);
  const ceil = members.ceil === undefined ? rate : parseRate(`${option}.ceil`, members.ceil);
  const { burst, cburst, quantum, prio = 0, mtu = DEFAULT_MTU } = members;
  checkInteger(`${option}.mtu`, mtu, 1);
  return {
    rate,
    ceil,
    parameters: {
      rate,
      ceil,
      buffer: ticksOfBytes(rate, bucket(burst, `${option}.burst`, rate, mtu as number)),
      cbuffer: ticksOfBytes(ceil, bucket(cburst, `${option}.cburst`, ceil, mtu as number)),
      quantum: quantum === undefined ? 0 : parseSize(`${option}.quantum`, quantum),
      level: 0,
      prio: checkInteger(`${option}.prio`, prio, 0, 0xffffffff),
      mtu: mtu as number,
    } satisfies Parameters,
  };
}

/** By default what is sent between two looks at the clock, of a ns, and one packet more. */
function bucket(value: unknown, option: string, rate: number, mtu: number): number {
  return value === undefined ? Math.floor(rate / 1e9) + mtu : parseSize(option, value);
}

function decodeClass(members: Members): void {
  const { parameters, rate: rate64, ceil: ceil64 } = members;
  if (parameters === undefined) return;
  delete members.parameters;
  const { rate: rate32, ceil: ceil32, ...others } = parameters as Parameters;
  const rate = rate64 as number | undefined ?? rate32;
  const ceil = ceil64 as number | undefined ?? ceil32;
  members.rate = formatRate(rate);
  members.ceil = formatRate(ceil);
  members.burst = bytesOfTicks(rate, others.buffer);
  members.cburst = bytesOfTicks(ceil, others.cbuffer);
  members.prio = others.prio;
  members.quantum = others.quantum;
  members.level = others.level;
}
