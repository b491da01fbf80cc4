/**
 * Who lives in a network namespace.
 *
 * @module
 */

import { readNumbers } from "../ffi/files.ts";
import { statx } from "../ffi/system_calls.ts";
import { syscallError } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";

/** What {@linkcode pidsOf} returns. */
export interface PidsOfOptions {
  /** Gives the ids of threads rather than of their processes. */
  threads?: boolean | undefined;
}

/**
 * The processes with at least one thread in a namespace, in ascending order. Those that the caller
 * may not look into are left out.
 */
export function pidsOf(namespace: Namespace, { threads = false }: PidsOfOptions = {}): number[] {
  // The open handle keeps its inode number from being used again meanwhile.
  namespace.hold();
  try {
    const pids = readNumbers(libc(), "/proc");
    if (typeof pids === "number") {
      const action = `Cannot list the processes of ${namespace.label}`;
      throw syscallError({ action, syscall: "open", result: pids, path: "/proc" });
    }
    const found = pids.flatMap((pid) => {
      const tasks = `/proc/${pid}/task`;
      const tids = readNumbers(libc(), tasks);
      if (typeof tids === "number") return []; // It ended meanwhile.
      const isIn = (tid: number) => livesIn(namespace, `${tasks}/${tid}/ns/net`);
      return threads ? tids.filter(isIn) : tids.some(isIn) ? [pid] : [];
    });
    return found.sort((a, b) => a - b);
  } finally {
    namespace.release();
  }
}

function livesIn(namespace: Namespace, path: string): boolean {
  const status = statx(libc(), path);
  return typeof status !== "number" && status.inode === namespace.inode &&
    status.dev === namespace.dev;
}
