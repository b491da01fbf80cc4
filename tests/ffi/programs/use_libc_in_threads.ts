/**
 * Calls libc in main and in two threads, and prints the results.
 *
 * @module
 */

import { isMainThread, parentPort } from "node:worker_threads";
import { libc } from "../../../src/libc.ts";
import { firstMessage, startWorker } from "../../helpers/worker.ts";

async function main(): Promise<void> {
  const workers = [1, 2].map(() => startWorker(new URL(import.meta.url)));
  const results = await Promise.all(workers.map(firstMessage));
  console.log(JSON.stringify([libc().close(-1), ...results]));
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) main();
else parentPort!.postMessage(libc().close(-1));
