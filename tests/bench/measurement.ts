/**
 * What is measured in a runtime, and the clock for it.
 *
 * @module
 */

import process from "node:process";

/** Something that is measured: prepared once in a process, sampled once a round. */
export interface Measurement {
  /** Takes so many samples: nanoseconds of one operation, or what else the row counts. */
  sample(count: number): number[] | Promise<number[]>;
  /** Gives back what was prepared. */
  close?(): void | Promise<void>;
}

/** What a measurement is told about the run. */
export interface Setting {
  /** Whether the numbers do not matter, and large amounts may be small. */
  readonly quick: boolean;
  /** The namespace with many routes that is prepared for all, for those that ask for it. */
  readonly path: string;
}

/** Prepares a measurement, or says why it cannot be made. */
export type Prepare = (setting: Setting) => Prepared | Promise<Prepared>;

/** A measurement that can be made, or the reason why not. */
export type Prepared = Measurement | { missing: string };

/** Measurements by their names, as rows refer to them. */
export type Measurements = Readonly<Record<string, Prepare>>;

/** Operations between two looks at the clock, where one is too short to be timed by itself. */
export const batchSize = 16;

/** Nanoseconds since some moment. */
export function now(): number {
  return Number(process.hrtime.bigint());
}

/** Times a synchronous operation in batches: each sample is the mean of one. */
export function timeSync(operation: () => unknown): (count: number) => number[] {
  return (count) =>
    Array.from({ length: count }, () => {
      const start = now();
      for (let index = 0; index < batchSize; index++) operation();
      return (now() - start) / batchSize;
    });
}

/** Times an operation; one after the other, each by itself or in batches. */
export function timeAsync(
  operation: () => Promise<unknown>,
  batch = 1,
): (count: number) => Promise<number[]> {
  return async (count) => {
    const samples: number[] = [];
    for (let sample = 0; sample < count; sample++) {
      const start = now();
      for (let index = 0; index < batch; index++) await operation();
      samples.push((now() - start) / batch);
    }
    return samples;
  };
}
