/**
 * Measures the rows of a family in rounds: in each, all contenders take their samples one after the
 * other, so that what else the machine does hits all of them.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Setting } from "./measurement.ts";
import { findCommandOf } from "./programs.ts";
import type { Found } from "./peers.ts";
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
  readonly command: readonly string[];
  /** Absent for what is started anew for each round. */
  readonly sampler?: Sampler;
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
  const entries = new Map<string, Entry | { missing: string }>();
  const started: Entry[] = [];
  try {
    for (const { contender, runtime } of contendersOf(family.rows, runtimes)) {
      const key = keyOf(contender, runtime, setting);
      if (entries.has(key)) continue;
      const entry = await enter(contender, findCommandOf(contender, runtime, family, setting));
      entries.set(key, entry);
      if ("rounds" in entry) started.push(entry);
    }
    if (extent.warm) {
      for (const entry of started) await entry.sampler?.sample(samplesOf(entry, extent));
    }
    for (let round = 0; round < extent.rounds; round++) {
      for (const entry of started) {
        entry.rounds.push(summarize(await sample(entry, samplesOf(entry, extent))));
      }
    }
  } finally {
    for (const { sampler } of started) await sampler?.stop();
  }
  return { of: (contender, runtime) => entries.get(keyOf(contender, runtime, setting))! };
}

/** Starts a contender, unless that is done for each round. */
async function enter(contender: Contender, found: Found): Promise<Entry | { missing: string }> {
  if ("missing" in found) return found;
  const { command } = found;
  if (contender.fresh) return { contender, command, rounds: [] };
  const sampler = await Sampler.start(command);
  return "missing" in sampler ? sampler : { contender, command, sampler, rounds: [] };
}

async function sample({ sampler, command }: Entry, count: number): Promise<number[]> {
  if (sampler !== undefined) return await sampler.sample(count);
  const fresh = await Sampler.start(command);
  if ("missing" in fresh) throw new Error(`${fresh.missing} is missing`);
  try {
    return await fresh.sample(count);
  } finally {
    await fresh.stop();
  }
}

function samplesOf({ contender }: Entry, { divisor }: Extent): number {
  return Math.max(1, Math.ceil(contender.samples / divisor));
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
