/**
 * The netlink tests on another kernel.
 *
 * @module
 */

import fs from "node:fs";
import type { FileResult, Job } from "../runner/run_file.ts";
import { runFile } from "../runner/run_file.ts";
import { findRuntime, root, type RuntimeName } from "../runner/runtimes.ts";
import { count, words } from "../runner/summary.ts";
import { bootGuest, type Guest } from "./guest.ts";
import type { Kernel } from "./user_mode_linux.ts";

/** Guests have one processor each. */
const guestsAtOnce = 2;

/** Ms that the files of one runtime have, whatever hangs. */
const runtimeLimit = 10 * 60_000;

/** The runtimes that start quickly enough in a guest for each whole run of the tests. */
export const quickRuntimes: readonly RuntimeName[] = ["node26"];

/** The test files that run on another kernel: those of netlink whose path contains a text. */
export function kernelTestFiles(only: string): string[] {
  const directory = `${root}/tests/netlink`;
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((file) => `tests/netlink/${file}`)
    .filter((file) => file.endsWith(".test.ts") && file.includes(only))
    .sort();
}

/** Runs files on runtimes under a kernel; calls `done` after each. */
export async function runKernelSuite(
  kernel: Kernel,
  runtimes: readonly RuntimeName[],
  files: readonly string[],
  done: (result: FileResult) => void,
): Promise<FileResult[]> {
  const jobs = files.flatMap((file) =>
    runtimes.flatMap((runtime): Job[] => {
      const found = findRuntime(runtime);
      return "program" in found ? [{ runtime, program: found.program, file }] : [];
    })
  );
  const results: FileResult[] = [];
  const suiteLimit = runtimeLimit * runtimes.length;
  const end = performance.now() + suiteLimit;
  const drain = async () => {
    let guest: Guest | undefined;
    try {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const left = end - performance.now();
        let result: FileResult;
        try {
          if (left <= 0) throw new Error(`not run: ${suiteLimit / 60_000} minutes are over`);
          if (guest === undefined || guest.ended) guest = await bootGuest(kernel);
          const most = Math.min(left, runtimeLimit);
          result = { ...await runFile(job, guest, most), kernel: guest.version };
        } catch (error) {
          result = notRun(job, error as Error);
        }
        results.push(result);
        done(result);
      }
    } finally {
      await guest?.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(guestsAtOnce, jobs.length) }, drain));
  return results;
}

function notRun({ runtime, file }: Job, { message }: Error): FileResult {
  return {
    runtime,
    file,
    kernel: "of user-mode-linux",
    tests: [],
    problem: message.split("\n")[0]!,
    skipReasons: [],
    output: message,
    seconds: 0,
  };
}

/** Prints a line for what ran on another kernel. */
export function printKernel(results: readonly FileResult[]): void {
  const kernel = results.find(({ problem }) => problem === undefined)?.kernel ?? "";
  const runtimes = [...new Set(results.map(({ runtime }) => runtime))];
  const counts = words(count(results));
  console.log(`kernel: ${counts} (user-mode-linux ${kernel}: ${runtimes.join(", ")})`);
}
