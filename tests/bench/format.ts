/**
 * How numbers of the benchmarks are written.
 *
 * @module
 */

import { type RuntimeName, runtimeNames } from "../runner/runtimes.ts";
import { type Cell, goalOn, type RowResult } from "./result.ts";
import type { Goal, Unit } from "./row.ts";

/** How the runtimes are called in tables. */
export const columnTitles: Readonly<Record<RuntimeName, string>> = {
  node: "Node 20",
  node26: "Node 26",
  deno: "Deno",
  bun: "Bun",
};

const scales: Readonly<Record<Unit, readonly (readonly [number, string])[]>> = {
  ns: [[1e9, " s"], [1e6, " ms"], [1e3, " us"], [1, " ns"]],
  bytes: [[2 ** 20, " MiB"], [2 ** 10, " KiB"], [1, " B"]],
  count: [[1, ""]],
};

/** A value with its unit. */
export function formatValue(value: number, unit: Unit): string {
  const scale = scales[unit].find(([size]) => Math.abs(value) >= size) ?? scales[unit].at(-1)!;
  return Number((value / scale[0]).toPrecision(3)) + scale[1];
}

/** A goal in words; one number a runtime where they differ. */
export function formatGoal(goal: Goal, unit: Unit): string {
  const limits = [...new Set(runtimeNames.map((name) => goalOn(goal, name)))];
  const numbers = limits.map((limit) => "upTo" in goal ? formatValue(limit, unit) : `${limit}x`);
  if ("faster" in goal) return `>= ${numbers.join(" or ")} faster`;
  return `<= ${numbers[0]}`;
}

/** What a cell shows: the ratio, or the value where there is no rival. */
export function formatCell(cell: Cell | undefined, { goal, unit }: RowResult): string {
  if (cell === undefined) return "";
  if ("missing" in cell) return "missing";
  const mark = cell.met ? "" : " *";
  if ("upTo" in goal) return formatValue(cell.value, unit) + mark;
  return `${Number(cell.value.toPrecision(3))}x${mark}`;
}
