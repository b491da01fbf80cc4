/**
 * Measures the rows of a family in rounds: in each, all contenders take their samples one after the
 * other, so that what else the machine does hits all of them.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Setting } from "./measurement.ts";
import type { Found } from "./peers.ts";
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

/** The outcomes of a family. */
export interface Outcomes {
  /** What became of a contender of a row on a runtime; peers are the same on all. */
  of(contender: Contender, runtime: RuntimeName): Outcome;
}

interface Entry {
  readonly samples: number;
  readonly command: readonly string[];
  /** Absent for what is started anew for each round. */
  readonly sampler?: Sampler;
  readonly rounds: Round[];
}

/** Measures a family on some runtimes. */
export async function measureFamily(
  family: Family,
  runtimes: readonly RuntimeName[],
  setting: Setting,
  extent: Extent,
): Promise<Outcomes> {
  const contenders = new Map(
    contendersOf(family.rows, runtimes).map(({ contender, runtime }) => [
      keyOf(contender, runtime, setting),
      { contender, found: findCommandOf(contender, runtime, family, setting) },
    ]),
  );
  const entries = new Map<string, Entry | { missing: string }>();
  try {
    const entering = [...contenders].map(async ([key, { contender, found }]) => {
      entries.set(key, await enter(contender, found, extent));
    });
    for (const { reason } of failed(await Promise.allSettled(entering))) throw reason;
    const started = [...contenders.keys()].map((key) => entries.get(key)!)
      .filter((entry) => "rounds" in entry);
    if (extent.warm) {
      for (const { sampler, samples } of started) await sampler?.sample(samples);
    }
    for (let round = 0; round < extent.rounds; round++) {
      for (const entry of started) entry.rounds.push(summarize(await sample(entry)));
    }
  } finally {
    await Promise.all(
      [...entries.values()].map((entry) => "sampler" in entry ? entry.sampler.stop() : undefined),
    );
  }
  return { of: (contender, runtime) => entries.get(keyOf(contender, runtime, setting))! };
}

function failed(results: readonly PromiseSettledResult<void>[]): PromiseRejectedResult[] {
  return results.filter((result) => result.status === "rejected");
}

/** Starts a contender, unless that is done for each round. */
async function enter(
  contender: Contender,
  found: Found,
  { divisor }: Extent,
): Promise<Entry | { missing: string }> {
  if ("missing" in found) return found;
  const samples = Math.max(1, Math.ceil(contender.samples / divisor));
  const entry = { samples, command: found.command, rounds: [] };
  if (contender.fresh) return entry;
  const sampler = await Sampler.start(found.command);
  return "missing" in sampler ? sampler : { ...entry, sampler };
}

async function sample({ sampler, samples, command }: Entry): Promise<number[]> {
  if (sampler !== undefined) return await sampler.sample(samples);
  const fresh = await Sampler.start(command);
  if ("missing" in fresh) throw new Error(`${fresh.missing} is missing`);
  try {
    return await fresh.sample(samples);
  } finally {
    await fresh.stop();
  }
}

function keyOf({ run }: Contender, runtime: RuntimeName, setting: Setting): string {
  return "language" in run
    ? [run.language, run.program, ...run.args?.(setting) ?? []].join(" ")
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
