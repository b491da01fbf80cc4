/**
 * Runs the suite on the Node versions that are here, and fails when less than 90 % of the lines of
 * the library and of Node's adapters were reached on any of them.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { transformSync } from "esbuild";
import { findRuntime, root, type RuntimeName } from "../tests/runner/runtimes.ts";
import { nameThreadPrograms } from "./thread_coverage.ts";

const minimum = 90;
const directory = path.join(root, "coverage");

/** The other runtimes' adapters do not run on Node, and programs are text that threads run. */
const excluded = ["ffi/bun.ts", "ffi/deno.ts", "src/thread/program.ts", "src/poll/program.ts"];

/** What c8 reports of a file: a statement is a line. */
interface FileCoverage {
  statementMap: Record<string, { start: { line: number } }>;
  s: Record<string, number>;
}

/** Whether each line of each file was reached. */
type Lines = Map<string, Map<number, boolean>>;

function run(program: string, args: string[], variables: Record<string, string> = {}): boolean {
  const env = { ...process.env, ...variables };
  return spawnSync(program, args, { cwd: root, stdio: "inherit", env }).status === 0;
}

/** Runs the suite on a runtime and adds the lines that it reached. */
async function collect(name: RuntimeName, lines: Lines): Promise<boolean> {
  const raw = path.join(directory, name, "raw");
  const passed = run(process.execPath, ["--import", "tsx", "scripts/test.ts", name], {
    NODE_V8_COVERAGE: raw,
  });
  await nameThreadPrograms(raw, path.join(directory, name));
  // Each Node has its own transpiler, so that raw offsets cannot be added up but lines can.
  const report = path.join(directory, name);
  run(path.join(root, "node_modules/.bin/c8"), [
    "report",
    "--all",
    "--reporter=json",
    `--temp-directory=${raw}`,
    `--reports-dir=${report}`,
    "--exclude-after-remap",
    "--include=src/**",
    "--include=ffi/**",
    ...excluded.map((file) => `--exclude=${file}`),
  ]);
  const files: Record<string, FileCoverage> = JSON.parse(
    fs.readFileSync(path.join(report, "coverage-final.json"), "utf8"),
  );
  for (
    const [file, { statementMap, s }] of Object.entries(files).filter(([file]) => hasCode(file))
  ) {
    const known = lines.get(file) ?? new Map<number, boolean>();
    for (const [id, { start }] of Object.entries(statementMap)) {
      known.set(start.line, known.get(start.line) === true || s[id]! > 0);
    }
    lines.set(file, known);
  }
  return passed;
}

/** Whether anything is left of a file without its types. */
function hasCode(file: string): boolean {
  return transformSync(fs.readFileSync(file, "utf8"), { loader: "ts" }).code !== "";
}

/** Prints a line for each file that is not whole; returns the share of lines reached in percent. */
function summarize(lines: Lines): number {
  let reached = 0;
  let all = 0;
  for (const [file, known] of [...lines].sort()) {
    const missed = [...known].filter(([, hit]) => !hit).map(([line]) => line).sort((a, b) => a - b);
    reached += known.size - missed.length;
    all += known.size;
    if (missed.length === 0) continue;
    const percent = (100 * (known.size - missed.length) / known.size).toFixed(1);
    console.log(`${percent.padStart(5)} %  ${path.relative(root, file)}: ${ranges(missed)}`);
  }
  return 100 * reached / all;
}

/** Line numbers as `3-5, 9`. */
function ranges(numbers: readonly number[]): string {
  const parts: [first: number, last: number][] = [];
  for (const number of numbers) {
    const current = parts.at(-1);
    if (current?.[1] === number - 1) current[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(", ");
}

fs.rmSync(directory, { recursive: true, force: true });
const lines: Lines = new Map();
const names = (["node", "node26"] as const).filter((name) => "program" in findRuntime(name));
let passed = true;
for (const name of names) passed = await collect(name, lines) && passed;
const percent = summarize(lines);
console.log(`${percent.toFixed(2)} % of the lines were reached on ${names.join(" and ")}`);
if (percent < minimum) console.log(`that is less than ${minimum} %`);
process.exitCode = passed && percent >= minimum ? 0 : 1;
