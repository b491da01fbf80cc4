/**
 * The part of docs/performance.md that is made from a run.
 *
 * @module
 */

import { runtimeNames } from "../runner/runtimes.ts";
import { columnTitles, formatCell, formatGoal, formatValue } from "./format.ts";
import type { Machine } from "./machine.ts";
import type { Cell, RowResult, RunResult } from "./result.ts";
import type { Round } from "./statistics.ts";

const [begin, end] = ["<!-- measured -->", "<!-- end of measured -->"];

/** Puts the numbers of a run in place of those of the page. */
export function renderPage(page: string, run: RunResult): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no place for numbers: ${begin}`);
  const head = page.slice(0, from + begin.length);
  return `${head}\n\n${measured(run).join("\n\n")}\n\n${page.slice(to)}`;
}

function measured({ machine, rounds, rows }: RunResult): string[] {
  const columns = runtimeNames.map((name) => columnTitles[name]);
  return [
    describe(machine, rounds),
    table(["", "goal", ...columns], rows.map(goalLine)),
    "`*`: the goal is not met.",
    "![Times faster than what one would use instead](./performance.svg)",
    "### Times",
    "Median and p99 of the samples of a round, each the median of the rounds.",
    table(["", "", ...columns], rows.flatMap(timeLines)),
  ];
}

function describe({ processor, cores, memoryGiB, kernel, versions }: Machine, rounds: number) {
  const programs = Object.entries(versions).map(([name, version]) =>
    `${
      columnTitles[name as keyof typeof columnTitles] === undefined ? name : nameOf(name)
    } ${version}`
  );
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${kernel}; ${programs.join(", ")}; ` +
    `${rounds} rounds.`;
}

function nameOf(runtime: string): string {
  return runtime.startsWith("node") ? "Node" : columnTitles[runtime as "deno" | "bun"];
}

function goalLine(row: RowResult): string[] {
  const cells = runtimeNames.map((name) => formatCell(row.cells[name], row));
  return [row.title, formatGoal(row.goal, row.unit), ...cells];
}

function timeLines(row: RowResult): string[][] {
  const line = (round: (cell: Cell) => Round | undefined) =>
    runtimeNames.map((name) => {
      const cell = row.cells[name];
      const numbers = cell === undefined ? undefined : round(cell);
      if (numbers === undefined) return "";
      return `${formatValue(numbers.median, row.unit)} / ${formatValue(numbers.p99, row.unit)}`;
    });
  const ours = line((cell) => "missing" in cell ? undefined : cell.ours);
  const lines = [[row.title, row.ours, ...ours]];
  if (row.rival === undefined) return lines;
  const rival = line((cell) => "missing" in cell ? undefined : cell.rival);
  return [...lines, ["", row.rival, ...rival]];
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
