/**
 * Measures the rows of a family in rounds: in each, all contenders take their samples one after the
 * other, so that what else the machine does hits all of them.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Setting } from "./measurement.ts";
import { findCommandOf } from "./programs.ts";
import type { Contender, Family, Row } from "./row.ts";
import { Sampler } from "./sampler.ts";
import { type Round, summarize } from "./statistics.ts";

/** How much is measured. */
export interface Extent {
  readonly rounds: number;
  /** Whether a round is run before those that count. */
  readonly warm: boolean;
  /** By what the samples of a round are divided. */
  readonly divisor: number;
}

/** What became of a contender on a runtime. */
export type Outcome = { readonly rounds: readonly Round[] } | { readonly missing: string };

interface Entry {
  readonly contender: Contender;
  readonly sampler: Sampler | { missing: string };
  readonly rounds: Round[];
}

/** The outcomes of a family. */
export interface Outcomes {
  /** What became of a contender of a row on a runtime; peers are the same on all. */
  of(contender: Contender, runtime: RuntimeName): Outcome;
}

/** Measures a family on some runtimes. */
export async function measureFamily(
  family: Family,
  runtimes: readonly RuntimeName[],
  setting: Setting,
  extent: Extent,
): Promise<Outcomes> {
  const entries = new Map<string, Entry>();
  try {
    for (const { contender, runtime } of contendersOf(family.rows, runtimes)) {
      const key = keyOf(contender, runtime);
      if (entries.has(key)) continue;
      const found = findCommandOf(contender, runtime, family, setting);
      const sampler = "missing" in found ? found : await Sampler.start(found.command);
      entries.set(key, { contender, sampler, rounds: [] });
    }
    if (extent.warm) await runRound([...entries.values()], extent);
    for (let round = 0; round < extent.rounds; round++) {
      const taken = await runRound([...entries.values()], extent);
      for (const [entry, samples] of taken) entry.rounds.push(summarize(samples));
    }
  } finally {
    for (const { sampler } of entries.values()) {
      if ("sample" in sampler) await sampler.stop();
    }
  }
  return {
    of(contender, runtime) {
      const { sampler, rounds } = entries.get(keyOf(contender, runtime))!;
      return "missing" in sampler ? sampler : { rounds };
    },
  };
}

async function runRound(
  entries: readonly Entry[],
  { divisor }: Extent,
): Promise<[Entry, number[]][]> {
  const taken: [Entry, number[]][] = [];
  for (const entry of entries) {
    if ("missing" in entry.sampler) continue;
    const count = Math.max(2, Math.ceil(entry.contender.samples / divisor));
    taken.push([entry, await entry.sampler.sample(count)]);
  }
  return taken;
}

function keyOf({ run }: Contender, runtime: RuntimeName): string {
  return "language" in run
    ? [run.language, run.program, ...run.args ?? []].join(" ")
    : `${runtime} ${run.measurement}`;
}

/** All contenders, a runtime's own rival right before what it is the rival of. */
function contendersOf(
  rows: readonly Row[],
  runtimes: readonly RuntimeName[],
): { contender: Contender; runtime: RuntimeName }[] {
  return runtimes.flatMap((runtime) =>
    rows.flatMap(({ ours, rival }) =>
      [...rival === undefined ? [] : [rival], ours].map((contender) => ({ contender, runtime }))
    )
  );
}
