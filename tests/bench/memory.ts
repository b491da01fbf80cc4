/**
 * How much memory a process uses.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";

interface Collectors {
  gc?: () => void;
  Bun?: { gc(force: boolean): void };
}

/** Collects garbage. */
export function collectGarbage(): void {
  const { gc, Bun } = globalThis as Collectors;
  for (let turn = 0; turn < 3; turn++) {
    if (Bun !== undefined) Bun.gc(true);
    else gc!();
  }
}

/** Bytes of the heap that are in use, and of what it holds outside. */
export function heapInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes of memory that the kernel counts for this process. */
export function resident(): number {
  return statusField("VmRSS");
}

/** Lets {@linkcode peak} begin anew. */
export function forgetPeak(): void {
  fs.writeFileSync("/proc/self/clear_refs", "5");
}

/** The most bytes of memory that the kernel counted for this process. */
export function peak(): number {
  return statusField("VmHWM");
}

function statusField(name: string): number {
  const status = fs.readFileSync("/proc/self/status", "utf8");
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)![1]) * 1024;
}
