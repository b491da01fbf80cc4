/**
 * Worker threads that run a TypeScript file.
 *
 * @module
 */

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { runtime } from "./runtime.ts";

const viaTsx = `
const { workerData } = require("node:worker_threads");
require(workerData.tsx).require(workerData.file, workerData.file);
`;

/** Starts a thread that runs a TypeScript file. */
export function startWorker(file: URL): Worker {
  if (runtime !== "node-koffi") return new Worker(file);
  // The loader that tsx registers is not there in threads.
  const tsx = createRequire(import.meta.url).resolve("tsx/cjs/api");
  return new Worker(viaTsx, { eval: true, workerData: { tsx, file: fileURLToPath(file) } });
}

/** The first message of a thread; rejects when it dies before. */
export function firstMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}
