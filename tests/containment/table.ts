/**
 * The table in docs/containment.md.
 *
 * @module
 */

import { type RuntimeName, runtimeNames } from "../runner/runtimes.ts";
import { isPending } from "./pending.ts";
import { groups, has, type Row } from "./rows/mod.ts";

/** What the table says of an API on a runtime. */
export type Cell = "inside" | "refused" | "not contained" | "-";

/** What one runtime was seen to do: its version, and for each row that was asked, where it acts. */
export interface Column {
  version: string;
  cells: Record<string, string>;
}

/** Environment variable: the directory that takes the columns, when the table is written. */
export const columnsVariable = "NETNS_CONTAINMENT_COLUMNS";

const [begin, end] = ["<!-- table -->", "<!-- end of table -->"];

/** The cell of a row: what was seen inside, else why it was not asked. */
export function cellOf(runtime: RuntimeName, row: Row, seen: string | undefined): Cell {
  if (!has(runtime, row)) return "-";
  if (isPending(runtime, row)) return "not contained";
  return seen === "ns" ? "inside" : "refused";
}

const titles: Record<RuntimeName, string> = {
  node: "Node.js",
  node26: "Node.js",
  deno: "Deno",
  bun: "Bun",
};

/** Puts a new table in place of that of the page. */
export function renderTable(page: string, columns: Record<RuntimeName, Column>): string {
  const head = runtimeNames.map((name) => `${titles[name]} ${columns[name].version}`);
  const parts = groups.map(({ title, rows }) =>
    [
      `### ${title}`,
      "",
      line(["API", ...head]),
      line(["API", ...head].map(() => "---")),
      ...rows.map((row) =>
        line([
          `\`${row.name}\``,
          ...runtimeNames.map((name) => cellOf(name, row, columns[name].cells[row.name])),
        ])
      ),
    ].join("\n")
  );
  const from = page.indexOf(begin) + begin.length;
  return `${page.slice(0, from)}\n\n${parts.join("\n\n")}\n\n${page.slice(page.indexOf(end))}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The cells of the table for one runtime, by row. */
export function readTable(page: string, runtime: RuntimeName): Record<string, string> {
  const table = page.slice(page.indexOf(begin), page.indexOf(end));
  const column = runtimeNames.indexOf(runtime) + 2;
  const lines = table.split("\n").filter((one) => one.startsWith("| `"));
  return Object.fromEntries(lines.map((one) => {
    const cells = one.split("|").map((cell) => cell.trim());
    return [cells[1]!.replaceAll("`", ""), cells[column]!];
  }));
}
