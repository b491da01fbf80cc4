/**
 * Descriptors that an object owns: closed when it says so, when it is garbage, or when its Worker
 * ends. Those of a Worker that is terminated from outside stay open until the process ends: nothing
 * of it runs any more, and nobody else knows them.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { libc } from "./libc.ts";

const lost = new FinalizationRegistry<number>((fd) => {
  ofWorker.delete(fd);
  libc().close(fd);
});

/** The open descriptors of a Worker: all threads share one table, which outlives it. */
const ofWorker = new Set<number>();
let closesWithWorker = false;

/** Has a descriptor closed when its owner is garbage, or when this Worker ends by itself. */
export function closeWith(owner: object, fd: number): void {
  lost.register(owner, fd, owner);
  if (isMainThread()) return;
  ofWorker.add(fd);
  if (closesWithWorker) return;
  closesWithWorker = true;
  builtin.process.once("exit", () => {
    for (const fd of ofWorker) libc().close(fd);
  });
}

/** Closes the descriptor of an owner now. */
export function closeOwned(owner: object, fd: number): void {
  lost.unregister(owner);
  ofWorker.delete(fd);
  libc().close(fd);
}

/** As node:worker_threads tells, which Deno and Bun take 6 ms to load. */
function isMainThread(): boolean {
  if ("Deno" in globalThis) return !("DedicatedWorkerGlobalScope" in globalThis);
  const { Bun } = globalThis as { Bun?: { isMainThread: boolean } };
  return Bun?.isMainThread ?? builtin.worker_threads.isMainThread;
}
