/**
 * What is made of samples.
 *
 * @module
 */

/** The value below which a share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, two) => one - two);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)]!;
  return low + (sorted[Math.ceil(place)]! - low) * (place % 1);
}

/** The value in the middle. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** The samples of one round, in short. */
export interface Round {
  readonly median: number;
  readonly p99: number;
}

/** Puts the samples of one round in short. */
export function summarize(samples: readonly number[]): Round {
  return { median: median(samples), p99: quantile(samples, 0.99) };
}

/** Puts rounds in short. */
export function overRounds(rounds: readonly Round[]): Round {
  return {
    median: median(rounds.map((round) => round.median)),
    p99: median(rounds.map((round) => round.p99)),
  };
}
