/**
 * The benchmarks: `npm run bench`.
 *
 * Measures the library in each runtime beside what one would use instead, in rounds of all of them,
 * and prints the ratios beside the goals. Needs root. Peers whose tools are missing are left out.
 *
 * @module
 */

import fs from "node:fs";
import os from "node:os";
import process from "node:process";
import { leaveModulesPath, type RuntimeName, runtimeNames } from "../runner/runtimes.ts";
import { routeCount } from "./amounts.ts";
import { removeBuildDirectory } from "./directory.ts";
import { describeMachine } from "./machine.ts";
import { readOptions } from "./options.ts";
import { type Extent, measureFamily, type Outcomes } from "./measure.ts";
import { printRow, printSummary } from "./print.ts";
import { buildLibrary } from "./programs.ts";
import { type RowResult, rowResult, type RunResult } from "./result.ts";
import { RoutesNamespace } from "./routes_namespace.ts";
import type { Family } from "./row.ts";
import { families } from "./rows/mod.ts";
import { writePage } from "./write.ts";

const options = readOptions();

async function measure(
  family: Family,
  runtimes: readonly RuntimeName[],
  quick: boolean,
): Promise<Outcomes> {
  const extent = quick ? quickExtent : fullExtent;
  if (family.routes === undefined) {
    return await measureFamily(family, runtimes, { quick, path: "" }, extent);
  }
  const namespace = await RoutesNamespace.make(routeCount(family.routes, quick));
  try {
    return await measureFamily(family, runtimes, { quick, path: namespace.path }, extent);
  } finally {
    await namespace.delete();
  }
}

/** Of this process and those that it starts. */
const priority = -15;

const quickExtent: Extent = { rounds: 1, warm: false, divisor: 20 };
const fullExtent: Extent = { rounds: 5, warm: true, divisor: 1 };

async function run(): Promise<RunResult> {
  const { quick, only } = options;
  const runtimes = runtimeNames.filter((name) => options.runtime.includes(name));
  // Other programs of the machine are not to be in between.
  if (!quick) os.setPriority(priority);
  await buildLibrary();
  const rows: RowResult[] = [];
  for (const family of families.filter((family) => family.name.includes(only))) {
    const outcomes = await measure(family, runtimes, quick);
    for (const row of family.rows) {
      const result = rowResult(row, runtimes, outcomes);
      printRow(result);
      rows.push(result);
    }
  }
  printSummary(rows);
  const { rounds } = quick ? quickExtent : fullExtent;
  return { machine: describeMachine(), quick, rounds, rows };
}

leaveModulesPath();
process.on("exit", removeBuildDirectory);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(1));
}
const result = options.from === undefined
  ? await run()
  : JSON.parse(fs.readFileSync(options.from, "utf8")) as RunResult;
if (options.json !== undefined) {
  fs.writeFileSync(options.json, JSON.stringify(result, null, 2) + "\n");
}
if (options.write) writePage(result);
