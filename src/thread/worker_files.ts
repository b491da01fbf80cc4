/**
 * Where a namespace thread of Bun keeps the files that it starts Workers from.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";

/** The path of a directory that a thread may make; empty where it needs none. */
export function workerDirectory(): string {
  if (!("Bun" in globalThis)) return "";
  return `${builtin.os.tmpdir()}/netns-${builtin.process.pid}-${
    builtin.crypto.randomBytes(8).toString("hex")
  }`;
}

/** Removes what is left when a Worker was ended with the thread before it ran. */
export function removeWorkerDirectory(path: string): void {
  if (path === "") return;
  try {
    builtin.fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // It could not be made either.
  }
}
