/**
 * The test command: `npm test -- [node|node26|deno|bun ...] [--only TEXT]`.
 *
 * Without a runtime's name it checks types, lint and format, and runs the suite on every runtime,
 * then the kinds of links on another kernel where that is installed: see `test_kernel.ts`. A whole
 * run leaves out who answers on Node 20: `npm test -- node` and `npm run test:containment` ask.
 * `--only` takes the test files whose path contains TEXT.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import { stopGuests } from "../tests/kernels/guest.ts";
import {
  kernelTestFiles,
  printKernel,
  quickRuntimes,
  runKernelSuite,
} from "../tests/kernels/suite.ts";
import { findKernel } from "../tests/kernels/user_mode_linux.ts";
import { readSelection, type Selection } from "../tests/runner/arguments.ts";
import { runChecks } from "../tests/runner/checks.ts";
import { buildCommand } from "../tests/runner/command.ts";
import { type FileResult, type Job, killRunning } from "../tests/runner/run_file.ts";
import { findRuntime, leaveModulesPath, root, runtimeNames } from "../tests/runner/runtimes.ts";
import { runJobs } from "../tests/runner/schedule.ts";
import {
  closingLine,
  count,
  printFile,
  printRuntimes,
  printSkips,
} from "../tests/runner/summary.ts";
import { runInUserNamespace } from "../tests/runner/user_namespace.ts";

function testFiles(only: string): string[] {
  return fs.readdirSync(`${root}/tests`, { recursive: true, encoding: "utf8" })
    .map((file) => `tests/${file}`)
    .filter((file) => file.endsWith(".test.ts") && file.includes(only))
    .filter((file) => !file.includes("/node_modules/"))
    .sort();
}

/** A whole run asks who answers on the newer Node only, as that takes minutes. */
function isAskedElsewhere(runtime: string, file: string): boolean {
  return runtime === "node" && file.includes("/who_answered_");
}

async function main({ names, only }: Selection): Promise<number> {
  const elsewhere = runInUserNamespace("the suite", "privileged tests skip");
  if (elsewhere !== undefined) return elsewhere;

  const failedChecks = names.length === 0 ? runChecks() : [];
  const wanted = names.length === 0 ? runtimeNames : names;
  const files = testFiles(only);
  const jobs = wanted.flatMap((runtime): Job[] => {
    const found = findRuntime(runtime);
    return "program" in found
      ? files.filter((file) => names.length > 0 || !isAskedElsewhere(runtime, file))
        .map((file) => ({ runtime, program: found.program, file }))
      : [];
  });
  await buildCommand();
  const results = await runJobs(jobs, printFile);
  const kernelFiles = names.length === 0
    ? kernelTestFiles(only).filter((file) => file.includes("link_kinds"))
    : [];
  const kernel = findKernel();
  const kernelResults: FileResult[] = "missing" in kernel
    ? []
    : await runKernelSuite(kernel, quickRuntimes, kernelFiles, printFile);

  console.log();
  printSkips([...results, ...kernelResults]);
  printRuntimes(results, wanted);
  if (kernelResults.length > 0) printKernel(kernelResults);
  else if (kernelFiles.length > 0 && "missing" in kernel) {
    console.log(`kernel: not run: ${kernel.missing}`);
  }
  if (files.length === 0) console.log(`no test file is there whose path contains "${only}"`);
  const counts = count([...results, ...kernelResults]);
  const failures = counts.failed + failedChecks.length + (files.length === 0 ? 1 : 0);
  if (failedChecks.length > 0) console.log(`failed checks: ${failedChecks.join(", ")}`);
  console.log(closingLine({ ...counts, failed: failures }));
  return failures === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    killRunning();
    void stopGuests().finally(() => process.exit(1));
  });
}

leaveModulesPath();
process.exitCode = await main(readSelection("npm test"));
