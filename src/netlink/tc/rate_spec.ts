/**
 * `struct tc_ratespec`, and the tables that old kernels wanted with it.
 *
 * @module
 */

import { checkInteger, wrongType } from "../../check.ts";
import type { Members, Value } from "../codec/attribute_table.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { u64 } from "../codec/values.ts";
import { TC_LINKLAYER } from "../constants/pkt_sched.ts";
import { ticksOfBytes } from "./ticks.ts";

/** The length of `struct tc_ratespec`. */
export const RATESPEC_LENGTH = 12;

/** What in `struct tc_ratespec` says that the rate is in an attribute of 64 bits. */
export const RATE_IN_64_BITS = 0xffffffff;

/** The kernel takes a rate that needs 64 bits from here. */
export const rate64: Value = { ...u64, omits: (rate) => (rate as number) < RATE_IN_64_BITS };

/** How the length of a packet is counted. */
export interface PacketLength {
  /** Bytes that are added to each packet, for headers below. */
  overhead?: number | undefined;
  /** The least that a packet counts, in bytes. */
  mpu?: number | undefined;
  /** What is below: `ethernet` by default; `atm` sends cells of 53 bytes. */
  linklayer?: "ethernet" | "atm" | undefined;
}

/** The names of {@linkcode PacketLength}. */
export const packetLengthNames: readonly string[] = ["overhead", "mpu", "linklayer"];

/** How many bits a length is shifted by to be found in a table of 256. */
export function cellLog(mtu: number): number {
  let log = 0;
  while (mtu >>> log > 255) log++;
  return log;
}

/** Appends the structure for a rate in bytes per second; zeros without one. */
export function writeRateSpec(
  writer: MessageWriter,
  rate: number | undefined,
  mtu: number,
  members: Members,
  option: string,
): void {
  if (rate === undefined) {
    writer.u32(0).u32(0).u32(0);
    return;
  }
  const { overhead = 0, mpu = 0, linklayer = "ethernet" } = members;
  if (linklayer !== "ethernet" && linklayer !== "atm") {
    throw wrongType(`${option}.linklayer`, 'one of "ethernet", "atm"', linklayer);
  }
  writer.u8(cellLog(mtu)).u8(TC_LINKLAYER[linklayer]);
  writer.u16(checkInteger(`${option}.overhead`, overhead, 0, 0xffff));
  writer.u16(0xffff); // cell_align: -1
  writer.u16(checkInteger(`${option}.mpu`, mpu, 0, 0xffff));
  writer.u32(Math.min(rate, RATE_IN_64_BITS));
}

/** The rate in bytes per second. */
export function readRateSpec(reader: MessageReader, start: number): number {
  return reader.u32(start + 8);
}

/** Reads how lengths are counted into `members`, where it is not the default. */
export function readPacketLength(reader: MessageReader, start: number, members: Members): void {
  if ((reader.u8(start + 1) & 0x0f) === TC_LINKLAYER.atm) members.linklayer = "atm";
  const overhead = reader.u16(start + 2);
  const mpu = reader.u16(start + 6);
  if (overhead !== 0) members.overhead = overhead;
  if (mpu !== 0) members.mpu = mpu;
}

/** How many ticks packets of each length take: policers want it, though they only look for it. */
export function rateTable(rate: number, mtu: number, mpu: number): Uint8Array {
  const log = cellLog(mtu);
  const table = new DataView(new ArrayBuffer(1024));
  for (let cell = 0; cell < 256; cell++) {
    table.setUint32(4 * cell, ticksOfBytes(rate, Math.max((cell + 1) << log, mpu)), true);
  }
  return new Uint8Array(table.buffer);
}
