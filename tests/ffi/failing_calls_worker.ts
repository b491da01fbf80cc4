/**
 * Runs {@linkcode wrongResults} on every adapter in a thread.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { adapters } from "./adapters.ts";
import { wrongResults } from "./failing_calls.ts";

parentPort!.postMessage("ready");
parentPort!.once("message", (calls: number) => {
  parentPort!.postMessage(adapters().flatMap(({ libc }) => wrongResults(libc, calls)));
});
