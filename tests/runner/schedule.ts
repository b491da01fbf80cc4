/**
 * Runs jobs two at a time, and those that need the machine alone one by one after them.
 *
 * @module
 */

import { type FileResult, type Job, runFile } from "./run_file.ts";

const atOnce = 2;

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
  await Promise.all(Array.from({ length: atOnce }, () => drain(together)));
  await drain(jobs.filter(isSerial));
  return results;
}
