/**
 * Where a function runs.
 *
 * @module
 */

/** The inode of the network namespace of the calling thread; may be sent to `do()`. */
export function whereAmI(): number {
  const { readlinkSync } = globalThis.process.getBuiltinModule("node:fs");
  return Number(/\d+/.exec(readlinkSync("/proc/thread-self/ns/net"))![0]);
}
