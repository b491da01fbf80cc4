/**
 * Runs jobs side by side, most of which wait most of the time; then those that keep the processors
 * busy by themselves, two at a time.
 *
 * @module
 */

import os from "node:os";
import { type FileResult, type Job, runFile } from "./run_file.ts";

const atOnce = os.availableParallelism() + 2;
const busyAtOnce = 2;

/** Runs test files; calls `done` after each. */
export async function runJobs(
  jobs: readonly Job[],
  done: (result: FileResult) => void,
): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const isSerial = ({ file }: Job) => file.endsWith(".serial.test.ts");
  const drain = async (queue: Job[]) => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const result = await runFile(job);
      results.push(result);
      done(result);
    }
  };
  const together = jobs.filter((job) => !isSerial(job));
  const busy = jobs.filter(isSerial);
  await Promise.all(Array.from({ length: atOnce }, () => drain(together)));
  await Promise.all(Array.from({ length: busyAtOnce }, () => drain(busy)));
  return results;
}
