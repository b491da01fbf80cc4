/**
 * The test command: `npm test -- [node|node26|deno|bun ...] [--only TEXT]`.
 *
 * Without a runtime's name it checks types, lint and format, and runs the suite on every runtime.
 * `--only` takes the test files whose path contains TEXT.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { runChecks } from "../tests/runner/checks.ts";
import { type Job, killRunning } from "../tests/runner/run_file.ts";
import {
  findRuntime,
  leaveModulesPath,
  root,
  type RuntimeName,
  runtimeNames,
} from "../tests/runner/runtimes.ts";
import { runJobs } from "../tests/runner/schedule.ts";
import { count, printFile, printRuntimes, printSkips } from "../tests/runner/summary.ts";
import { runInUserNamespace } from "../tests/runner/user_namespace.ts";

function isRuntimeName(name: string): name is RuntimeName {
  return (runtimeNames as readonly string[]).includes(name);
}

interface Selection {
  names: RuntimeName[];
  only: string;
}

function readArguments(): Selection {
  try {
    const { values, positionals } = parseArgs({
      options: { only: { type: "string", default: "" } },
      allowPositionals: true,
    });
    const unknown = positionals.find((name) => !isRuntimeName(name));
    if (unknown !== undefined) throw new RangeError(`"${unknown}" is no runtime`);
    return { names: positionals.filter(isRuntimeName), only: values.only };
  } catch (error) {
    console.error((error as Error).message);
    console.error(`usage: npm test -- [${runtimeNames.join("|")} ...] [--only TEXT]`);
    process.exit(2);
  }
}

function testFiles(only: string): string[] {
  return fs.readdirSync(`${root}/tests`, { recursive: true, encoding: "utf8" })
    .map((file) => `tests/${file}`)
    .filter((file) => file.endsWith(".test.ts") && file.includes(only))
    .filter((file) => !file.includes("/node_modules/"))
    .sort();
}

async function main({ names, only }: Selection): Promise<number> {
  const elsewhere = runInUserNamespace();
  if (elsewhere !== undefined) return elsewhere;

  const failedChecks = names.length === 0 ? runChecks() : [];
  const wanted = names.length === 0 ? runtimeNames : names;
  const files = testFiles(only);
  const jobs = wanted.flatMap((runtime): Job[] => {
    const found = findRuntime(runtime);
    return "program" in found
      ? files.map((file) => ({ runtime, program: found.program, file }))
      : [];
  });
  const results = await runJobs(jobs, printFile);

  console.log();
  printSkips(results);
  printRuntimes(results, wanted);
  if (files.length === 0) console.log(`no test file is there whose path contains "${only}"`);
  const { passed, failed, skipped } = count(results);
  const failures = failed + failedChecks.length + (files.length === 0 ? 1 : 0);
  if (failedChecks.length > 0) console.log(`failed checks: ${failedChecks.join(", ")}`);
  console.log(
    `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
  return failures === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    killRunning();
    process.exit(1);
  });
}

leaveModulesPath();
process.exitCode = await main(readArguments());
