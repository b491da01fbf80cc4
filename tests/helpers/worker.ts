/**
 * Worker threads that run a TypeScript file.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { runtime } from "./runtime.ts";

const viaTsx = `
const { workerData: { tsx, file } } = require("node:worker_threads");
import(tsx).then(({ register }) => {
  register();
  return import(file);
});
`;

/** Starts a thread that runs a TypeScript file. */
export function startWorker(file: URL): Worker {
  if (runtime !== "node-koffi") return new Worker(file);
  // The loader that tsx registers is not there in threads.
  const tsx = import.meta.resolve("tsx/esm/api");
  return new Worker(viaTsx, { eval: true, workerData: { tsx, file: file.href } });
}

/** The first message of a thread; rejects when it dies before. */
export function firstMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}
