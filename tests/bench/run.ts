/**
 * The benchmarks: `npm run bench -- [--quick] [--only TEXT] [--runtime NAME] [--json FILE]`.
 *
 * Measures the library in each runtime beside what one would use instead, in rounds of all of them,
 * and prints the ratios beside the goals. `--quick` takes a few samples of each, to see that
 * everything runs; its numbers mean nothing. Needs root. Peers whose tools are missing are left out.
 *
 * @module
 */

import fs from "node:fs";
import { parseArgs } from "node:util";
import { leaveModulesPath, type RuntimeName, runtimeNames } from "../runner/runtimes.ts";
import { routeCount } from "./amounts.ts";
import { describeMachine } from "./machine.ts";
import { type Extent, measureFamily } from "./measure.ts";
import { printRow, printSummary } from "./print.ts";
import { buildLibrary } from "./programs.ts";
import { type RowResult, rowResult, type RunResult } from "./result.ts";
import { RoutesNamespace } from "./routes_namespace.ts";
import { families } from "./rows/mod.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    runtime: { type: "string", multiple: true, default: [...runtimeNames] },
    json: { type: "string" },
  },
});

async function main(): Promise<void> {
  leaveModulesPath();
  const { quick, only } = options;
  const extent: Extent = quick
    ? { rounds: 2, warm: false, divisor: 20 }
    : { rounds: 7, warm: true, divisor: 1 };
  const runtimes = runtimeNames.filter((name) => options.runtime.includes(name)) as RuntimeName[];
  buildLibrary();
  const rows: RowResult[] = [];
  for (const family of families.filter((family) => family.name.includes(only))) {
    const routes = family.routes === undefined
      ? undefined
      : await RoutesNamespace.make(routeCount(family.routes, quick));
    const setting = { quick, path: routes?.path ?? "" };
    const outcomes = await measureFamily(family, runtimes, setting, extent);
    await routes?.delete();
    for (const row of family.rows) {
      const result = rowResult(row, runtimes, outcomes);
      printRow(result);
      rows.push(result);
    }
  }
  printSummary(rows);
  const result: RunResult = { machine: describeMachine(), quick, rounds: extent.rounds, rows };
  if (options.json !== undefined) {
    fs.writeFileSync(options.json, JSON.stringify(result, null, 2) + "\n");
  }
}

await main();
