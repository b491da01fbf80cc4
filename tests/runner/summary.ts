/**
 * What the test command prints about files, skipped tests and runtimes.
 *
 * @module
 */

import type { TestResult } from "./junit.ts";
import type { FileResult } from "./run_file.ts";
import { findRuntime, type RuntimeName, versionOf } from "./runtimes.ts";

/** Numbers of tests. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts tests; what is wrong with a file as a whole is one more failure. */
export function count(results: readonly FileResult[]): Counts {
  const of = (state: TestResult["state"]) =>
    results.flatMap(({ tests }) => tests).filter((test) => test.state === state).length;
  const problems = results.filter(({ problem }) => problem !== undefined).length;
  return { passed: of("passed"), failed: of("failed") + problems, skipped: of("skipped") };
}

/** Counts in words: `3 passed, 1 failed, 2 skipped`; no part for what did not occur. */
export function words({ passed, failed, skipped }: Counts): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(", ");
}

/** Prints a line for a file on one runtime, and all its output when it failed. */
export function printFile(result: FileResult): void {
  const { file, problem, output, seconds } = result;
  const counts = count([result]);
  const mark = counts.failed === 0 ? "ok  " : "FAIL";
  const trouble = problem === undefined ? "" : ` (${problem})`;
  const line = `${mark} ${whereRan(result).padEnd(6)} ${file}: ${words(counts)}${trouble}`;
  console.log(`${line}, ${seconds.toFixed(1)} s`);
  if (counts.failed > 0) console.log(output.replace(/^/gm, "     | "));
}

/** The last line of a run: what passed and what failed, also when nothing did. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function whereRan({ runtime, kernel }: FileResult): string {
  return kernel === undefined ? runtime : `${runtime} on Linux ${kernel}`;
}

/** Prints which tests were skipped and why: each reason, each file and each runtime once. */
export function printSkips(results: readonly FileResult[]): void {
  const reasons = new Map<string, Map<string, { names: Set<string>; runtimes: Set<string> }>>();
  for (const result of results) {
    for (const test of result.tests.filter(({ state }) => state === "skipped")) {
      const reason = reasonToSkip(results, result, test);
      const files = reasons.get(reason) ?? new Map();
      const entry = files.get(result.file) ?? { names: new Set(), runtimes: new Set() };
      entry.names.add(test.name);
      entry.runtimes.add(whereRan(result));
      reasons.set(reason, files.set(result.file, entry));
    }
  }
  for (const [reason, files] of reasons) {
    console.log(`skipped: ${reason}`);
    for (const [file, { names, runtimes }] of files) {
      const what = names.size > 2 ? `${names.size} tests` : [...names].join("; ");
      console.log(`  ${[...runtimes].join(", ")}: ${file}: ${what}`);
    }
  }
}

function reasonToSkip(
  results: readonly FileResult[],
  { file, skipReasons }: FileResult,
  { name, reason }: TestResult,
): string {
  return reason ?? reasonElsewhere(results, file, name) ??
    (skipReasons.join("; or: ") || "no reason is reported");
}

/** Not every runtime reports why a test was skipped; one that ran the same file may. */
function reasonElsewhere(
  results: readonly FileResult[],
  file: string,
  name: string,
): string | undefined {
  return results.filter((result) => result.file === file)
    .flatMap(({ tests }) => tests)
    .find((test) => test.reason !== undefined && isSame(test.name, name))?.reason;
}

function isSame(name: string, other: string): boolean {
  return name === other || other.endsWith(` > ${name}`);
}

/** Prints a line for each runtime. */
export function printRuntimes(
  results: readonly FileResult[],
  names: readonly RuntimeName[],
): void {
  for (const name of names) {
    const found = findRuntime(name);
    const text = "missing" in found
      ? `not run: ${found.missing}`
      : `${words(count(results.filter(({ runtime }) => runtime === name)))} (${
        versionOf(found.program)
      })`;
    console.log(`${name}: ${text}`);
  }
}
