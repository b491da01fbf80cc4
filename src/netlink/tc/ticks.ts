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

/** By how much a quotient may be beside the whole number that it is, for floating point. */
const INEXACTNESS = 1e-12;

/** Whole ticks in which so many bytes are sent at a rate in bytes per second, as the kernel cuts. */
export function ticksOfBytes(rate: number, bytes: number): number {
  if (rate === 0) return MAX_TICKS;
  const ticks = bytes / rate * 1e9 / NS_PER_TICK;
  return Math.min(Math.floor(ticks * (1 + INEXACTNESS)), MAX_TICKS);
}

/**
 * The least number of bytes that needs so many ticks: it gives the same ticks again. It has what is
 * sent in one ns more, for the kernel computes so exactly only.
 */
export function bytesOfTicks(rate: number, ticks: number): number {
  const bytes = ticksToTime(ticks) * rate / 1e9;
  return Math.ceil(bytes * (1 - INEXACTNESS)) + Math.floor(rate / 1e9);
}
