/**
 * tc-police(8): packets above a rate are dropped, or otherwise treated.
 *
 * @module
 */

import { checkInteger, outOfRange } from "../../../check.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { binary } from "../../codec/values.ts";
import { TCA_POLICE } from "../../constants/pkt_cls.ts";
import {
  type ControlAction,
  controlAction,
  formatControlAction,
  parseControlAction,
} from "../control_action.ts";
import type { OptionsOfKind } from "../kinds.ts";
import {
  type PacketLength,
  packetLengthNames,
  rate64,
  RATESPEC_LENGTH,
  rateTable,
  readPacketLength,
  readRateSpec,
  writeRateSpec,
} from "../rate_spec.ts";
import { bytesOfTicks, ticksOfBytes } from "../ticks.ts";
import { formatRate, parseRate, parseSize, type Rate, type Size } from "../units.ts";

/** Treats packets otherwise that come faster than a rate. */
export interface Police extends PacketLength {
  kind: "police";
  rate: Rate;
  /** How much may come at once. The kernel keeps it in 64 ns. */
  burst: Size;
  /** The largest packet; larger ones are above the rate. */
  mtu?: Size | undefined;
  /** What happens to packets above the rate; `reclassify` by default. */
  exceed?: ControlAction | undefined;
  /** What happens to the others; `pass` by default. */
  conform?: ControlAction | undefined;
  /** Its number; an action with the number of one that is there is that one. */
  index?: number | undefined;
}

/** `struct tc_police`. */
interface Parameters {
  readonly index: number;
  readonly action: number;
  readonly burst: number;
  readonly mtu: number;
  readonly rate: number;
}

const DEFAULT_TABLE_MTU = 2047;

const parameters: Value = {
  write(writer, value, option, members) {
    const { index, action, burst, mtu, rate } = value as Parameters;
    const owner = option.slice(0, option.lastIndexOf("."));
    writer.u32(index).u32(action).u32(0).u32(burst).u32(mtu);
    writeRateSpec(writer, rate, mtu || DEFAULT_TABLE_MTU, members, owner);
    writeRateSpec(writer, undefined, 0, members, owner);
    writer.u32(0).u32(0).u32(0);
  },
  read(reader, start, end, members) {
    if (end - start < 20 + 2 * RATESPEC_LENGTH) return undefined;
    readPacketLength(reader, start + 20, members);
    return {
      index: reader.u32(start),
      action: reader.i32(start + 4),
      burst: reader.u32(start + 12),
      mtu: reader.u32(start + 16),
      rate: readRateSpec(reader, start + 20),
    } satisfies Parameters;
  },
};

/** The options of the kind. */
export const police: OptionsOfKind = {
  table: attributeTable(TCA_POLICE, {
    TCA_POLICE_TBF: ["parameters", parameters],
    TCA_POLICE_RATE: ["table", binary],
    TCA_POLICE_RESULT: ["conform", controlAction],
    TCA_POLICE_RATE64: ["rate", rate64],
    TCA_POLICE_TM: "redundant",
    TCA_POLICE_PAD: "redundant",
  }),
  options: ["rate", "burst", "mtu", "exceed", "conform", "index", ...packetLengthNames],
  encode,
  decode,
};

function encode(members: Members, option: string): Members {
  const rate = parseRate(`${option}.rate`, members.rate);
  if (rate === 0) throw outOfRange(`${option}.rate`, "at least 8 bit/s", members.rate);
  const { exceed = "reclassify", index = 0, mpu } = members;
  const mtu = members.mtu === undefined ? 0 : parseSize(`${option}.mtu`, members.mtu);
  const parameters: Parameters = {
    index: checkInteger(`${option}.index`, index, 0, 0xffffffff),
    action: parseControlAction(`${option}.exceed`, exceed),
    burst: ticksOfBytes(rate, parseSize(`${option}.burst`, members.burst)),
    mtu,
    rate,
  };
  const table = rateTable(rate, mtu || DEFAULT_TABLE_MTU, typeof mpu === "number" ? mpu : 0);
  return { parameters, rate, table };
}

function decode(members: Members): void {
  if (members.parameters === undefined) return;
  const { index, action, burst, mtu, rate: rate32 } = members.parameters as Parameters;
  delete members.parameters;
  const rate = members.rate as number | undefined ?? rate32;
  members.rate = formatRate(rate);
  members.burst = bytesOfTicks(rate, burst);
  if (mtu !== 0) members.mtu = mtu;
  members.exceed = formatControlAction(action);
  members.index = index;
}
