/**
 * Writes docs/performance.md and its chart.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "../runner/runtimes.ts";
import { drawChart } from "./chart.ts";
import { renderPage } from "./page.ts";
import type { RunResult } from "./result.ts";

const page = path.join(root, "docs/performance.md");
const chart = path.join(root, "docs/performance.svg");

/** Writes the numbers of a whole run. */
export function writePage(run: RunResult): void {
  if (run.quick) throw new Error("the numbers of a quick run mean nothing: leave out --quick");
  fs.writeFileSync(chart, drawChart(run.rows));
  fs.writeFileSync(page, renderPage(fs.readFileSync(page, "utf8"), run));
  const { status, stderr } = spawnSync(
    path.join(root, "node_modules/.bin/deno"),
    ["fmt", "--quiet", page, chart],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`what was written cannot be formatted:\n${stderr}`);
}
