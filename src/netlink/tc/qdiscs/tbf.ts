/**
 * tc-tbf(8): a token bucket filter, which slows everything down to a rate.
 *
 * @module
 */

import { checkInteger, outOfRange, wrongType } from "../../../check.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { u32 } from "../../codec/values.ts";
import { TCA_TBF } from "../../constants/pkt_sched.ts";
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
import {
  type Duration,
  formatRate,
  parseRate,
  parseSize,
  parseTime,
  type Rate,
  type Size,
} from "../units.ts";

/** A token bucket filter. It needs `limit` or `latency`; read is `limit`. */
export interface Tbf extends PacketLength {
  kind: "tbf";
  /** How much is sent in the long run. */
  rate: Rate;
  /** The size of the bucket: how much may be sent at once. The kernel keeps it in 64 ns. */
  burst: Size;
  /** How many bytes may wait. */
  limit?: Size | undefined;
  /** How long a packet may wait. */
  latency?: Duration | undefined;
  /** The most that is sent for a short time. */
  peakrate?: Rate | undefined;
  /** The size of the bucket for `peakrate`: at least the MTU of the link. */
  mtu?: Size | undefined;
}

/** `struct tc_tbf_qopt`. */
interface Parameters {
  readonly rate: number;
  readonly peakrate: number | undefined;
  readonly limit: number;
  readonly buffer: number;
  readonly mtu: number;
  /** The largest packet that the tables of old kernels would be for. */
  readonly tableMtu: number;
}

const parameters: Value = {
  write(writer, value, option, members) {
    const { rate, peakrate, limit, buffer, mtu, tableMtu } = value as Parameters;
    const qdisc = option.slice(0, option.lastIndexOf("."));
    writeRateSpec(writer, rate, tableMtu, members, qdisc);
    writeRateSpec(writer, peakrate, tableMtu, members, qdisc);
    writer.u32(limit).u32(buffer).u32(mtu);
  },
  read(reader, start, end, members) {
    if (end - start < 2 * RATESPEC_LENGTH + 12) return undefined;
    readPacketLength(reader, start, members);
    const values = start + 2 * RATESPEC_LENGTH;
    return {
      rate: readRateSpec(reader, start),
      peakrate: readRateSpec(reader, start + RATESPEC_LENGTH),
      limit: reader.u32(values),
      buffer: reader.u32(values + 4),
      mtu: reader.u32(values + 8),
      tableMtu: 0,
    } satisfies Parameters;
  },
};

/** The options of the kind. */
export const tbf: OptionsOfKind = {
  table: attributeTable(TCA_TBF, {
    TCA_TBF_PARMS: ["parameters", parameters],
    TCA_TBF_BURST: ["burst", u32],
    TCA_TBF_RATE64: ["rate", rate64],
    TCA_TBF_PRATE64: ["peakrate", rate64],
    TCA_TBF_PBURST: ["mtu", u32],
    TCA_TBF_PAD: "redundant",
  }),
  options: ["rate", "burst", "limit", "latency", "peakrate", "mtu", ...packetLengthNames],
  encode,
  decode,
};

function encode(members: Members, option: string): Members {
  const rate = parseRate(`${option}.rate`, members.rate);
  const burst = parseSize(`${option}.burst`, members.burst);
  if (rate === 0) throw outOfRange(`${option}.rate`, "at least 8 bit/s", members.rate);
  const peakrate = members.peakrate === undefined
    ? undefined
    : parseRate(`${option}.peakrate`, members.peakrate);
  const mtu = members.mtu === undefined ? undefined : parseSize(`${option}.mtu`, members.mtu);
  if (peakrate !== undefined && mtu === undefined) {
    throw wrongType(`${option}.mtu`, "given with peakrate: at least the MTU of the link", mtu);
  }
  const limit = limitOf(members, option, (latency) => {
    const bytes = rate * latency / 1e9 + burst;
    return peakrate === undefined ? bytes : Math.min(bytes, peakrate * latency / 1e9 + mtu!);
  });
  return {
    rate,
    burst,
    peakrate,
    mtu: peakrate === undefined ? undefined : mtu,
    parameters: {
      rate,
      peakrate,
      limit,
      buffer: ticksOfBytes(rate, burst),
      mtu: peakrate === undefined ? 0 : ticksOfBytes(peakrate, mtu!),
      tableMtu: mtu || 2047,
    } satisfies Parameters,
  };
}

function limitOf(
  { limit, latency }: Members,
  option: string,
  ofLatency: (latency: number) => number,
): number {
  if ((limit === undefined) === (latency === undefined)) {
    throw new TypeError(`${option} must have either limit or latency`);
  }
  if (limit !== undefined) return parseSize(`${option}.limit`, limit);
  const bytes = Math.floor(ofLatency(parseTime(`${option}.latency`, latency)));
  return checkInteger(`${option}.latency in bytes`, bytes, 0, 0xffffffff);
}

function decode(members: Members): void {
  const { parameters, rate: rate64, peakrate: peakrate64 } = members;
  if (parameters === undefined) return;
  delete members.parameters;
  const { rate: rate32, peakrate: peakrate32, limit, buffer, mtu } = parameters as Parameters;
  const rate = rate64 as number | undefined ?? rate32;
  const peakrate = peakrate64 as number | undefined ?? peakrate32 ?? 0;
  members.rate = formatRate(rate);
  members.burst = bytesOfTicks(rate, buffer);
  members.limit = limit;
  if (peakrate === 0) return;
  members.peakrate = formatRate(peakrate);
  members.mtu = bytesOfTicks(peakrate, mtu);
}
