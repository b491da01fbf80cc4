/**
 * The table of a run, as text for a terminal.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import { columnTitles, formatCell, formatGoal, formatValue } from "./format.ts";
import type { RowResult } from "./result.ts";

/** Prints a row: each runtime's ratio, and the times that it is made of. */
export function printRow(row: RowResult): void {
  console.log(`${row.title}: ${formatGoal(row.goal, row.unit)}`);
  for (const [runtime, cell] of Object.entries(row.cells)) {
    const name = columnTitles[runtime as RuntimeName].padEnd(8);
    if ("missing" in cell) {
      console.log(`  ${name} missing: ${cell.missing}`);
      continue;
    }
    const value = (median: number) => formatValue(median, row.unit);
    const times = [
      `ours ${value(cell.ours.median)} (p99 ${value(cell.ours.p99)})`,
      cell.rival && `${row.rival} ${value(cell.rival.median)} (p99 ${value(cell.rival.p99)})`,
    ];
    const result = formatCell(cell, row).padEnd(10);
    console.log(`  ${name} ${result} ${times.filter(Boolean).join(", ")}`);
  }
}

/** Prints what was missing, and how many goals were met. */
export function printSummary(rows: readonly RowResult[]): void {
  const cells = rows.flatMap((row) => Object.values(row.cells));
  const missing = new Set(cells.flatMap((cell) => "missing" in cell ? [cell.missing] : []));
  for (const what of missing) console.log(`missing: ${what}`);
  const measured = cells.flatMap((cell) => "missing" in cell ? [] : [cell]);
  const met = measured.filter((cell) => cell.met);
  console.log(`${met.length} of ${measured.length} goals met (* is not)`);
}
