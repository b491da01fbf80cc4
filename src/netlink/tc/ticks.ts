/**
 * The clock of the packet scheduler: a tick is 64 ns, `PSCHED_SHIFT` of the kernel since 2.6.31,
 * which is what /proc/net/psched tells.
 *
 * @module
 */

const NS_PER_TICK = 64;

/** The most that 32 bits hold: about 275 s. */
const MAX_TICKS = 0xffffffff;

/** Ticks of a time; those that do not fit are as many as do. */
export function ticksOf(nanoseconds: number): number {
  return Math.min(Math.round(nanoseconds / NS_PER_TICK), MAX_TICKS);
}

/** Nanoseconds of so many ticks. */
export function ticksToTime(ticks: number): number {
  return ticks * NS_PER_TICK;
}

/** Ticks that so many bytes take at a rate in bytes per second. */
export function ticksOfBytes(rate: number, bytes: number): number {
  return rate === 0 ? MAX_TICKS : ticksOf(bytes / rate * 1e9);
}

/** Bytes that are sent in so many ticks. */
export function bytesOfTicks(rate: number, ticks: number): number {
  return Math.round(ticksToTime(ticks) * rate / 1e9);
}
