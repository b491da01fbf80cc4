/**
 * Puts something between a program and the Workers that it starts.
 *
 * @module
 */

import workerThreads from "node:worker_threads";

/** A class of Workers: that of node:worker_threads, or the global one. */
export type WorkerClass = (new (...args: unknown[]) => object) & { prototype: object };

/** Makes the Worker that a program asks for; `newTarget` is the class that it named. */
export type ConstructWorker = (
  own: WorkerClass,
  args: readonly unknown[],
  newTarget: WorkerClass,
) => object;

/** Under which the library finds the class that is not replaced. */
export const ownWorkerSymbol: unique symbol = Symbol.for("@netns/netns.worker.1") as never;

/** Replaces every class of Workers that the thread has. */
export function replaceWorkers(construct: ConstructWorker): void {
  const { Worker } = workerThreads as unknown as { Worker: WorkerClass };
  Object.defineProperty(Worker, ownWorkerSymbol, { value: Worker });
  Object.assign(workerThreads, { Worker: replaced(Worker, construct) });
  const global = globalThis as { Worker?: WorkerClass };
  if (global.Worker) global.Worker = replaced(global.Worker, construct);
}

function replaced(own: WorkerClass, construct: ConstructWorker): WorkerClass {
  const proxy = new Proxy(own, {
    construct: (_, args, newTarget) => construct(own, args, newTarget as WorkerClass),
  });
  Object.defineProperty(own.prototype, "constructor", {
    value: proxy,
    configurable: true,
    writable: true,
  });
  return proxy;
}
