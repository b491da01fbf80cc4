/**
 * The numbers of a run, as they are kept in JSON.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Machine } from "./machine.ts";
import type { Outcomes } from "./measure.ts";
import type { Goal, Row, Unit } from "./row.ts";
import { median, overRounds, type Round } from "./statistics.ts";

/** What a row came to on one runtime. */
export type Cell = Measured | { readonly missing: string };

/** Numbers of a row on one runtime. */
export interface Measured {
  /** Times what the rival takes, or times faster, as the goal counts; without rival the value. */
  readonly value: number;
  /** The value of each round. */
  readonly values: readonly number[];
  readonly met: boolean;
  readonly ours: Round;
  readonly rival?: Round;
}

/** A row with its numbers. */
export interface RowResult {
  readonly title: string;
  readonly goal: Goal;
  readonly unit: Unit;
  readonly ours: string;
  readonly rival?: string;
  readonly cells: Readonly<Partial<Record<RuntimeName, Cell>>>;
}

/** A run. */
export interface RunResult {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly rounds: number;
  readonly rows: readonly RowResult[];
}

/** Puts what was measured of a row together. */
export function rowResult(
  row: Row,
  runtimes: readonly RuntimeName[],
  outcomes: Outcomes,
): RowResult {
  return {
    title: row.title,
    goal: row.goal,
    unit: row.unit ?? "ns",
    ours: row.ours.label,
    ...(row.rival === undefined ? {} : { rival: row.rival.label }),
    cells: Object.fromEntries(runtimes.map((runtime) => [runtime, cellOf(row, runtime, outcomes)])),
  };
}

function cellOf({ ours, rival, goal }: Row, runtime: RuntimeName, outcomes: Outcomes): Cell {
  const own = outcomes.of(ours, runtime);
  if ("missing" in own) return own;
  const other = rival === undefined ? undefined : outcomes.of(rival, runtime);
  if (other !== undefined && "missing" in other) return other;
  const values = own.rounds.map((round, index) =>
    valueOf(goal, round.median, other?.rounds[index]?.median)
  );
  const value = median(values);
  return {
    value,
    values,
    met: isMet(goal, value, runtime),
    ours: overRounds(own.rounds),
    ...(other === undefined ? {} : { rival: overRounds(other.rounds) }),
  };
}

function valueOf(goal: Goal, own: number, other: number | undefined): number {
  if (other === undefined) return own;
  return "faster" in goal ? other / own : own / other;
}

/** The number of a goal on a runtime. */
export function goalOn(goal: Goal, runtime: RuntimeName): number {
  if ("atMost" in goal) return goal.atMost;
  if ("upTo" in goal) return goal.upTo;
  return typeof goal.faster === "number" ? goal.faster : goal.faster[runtime];
}

function isMet(goal: Goal, value: number, runtime: RuntimeName): boolean {
  const limit = goalOn(goal, runtime);
  if ("faster" in goal) return value >= limit;
  return value <= limit;
}
