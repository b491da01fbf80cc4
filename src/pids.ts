/**
 * Who lives in a network namespace.
 *
 * @module
 */

import { readLink, readNumbers } from "../ffi/files.ts";
import { type Status, statx } from "../ffi/system_calls.ts";
import { PROC_HINT, syscallError } from "./errors.ts";
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
  const { dev, inode, label } = namespace;
  const action = `Cannot list the processes of ${label}`;
  const self = readLink(libc(), "/proc/self");
  if (typeof self === "number") {
    const path = "/proc/self";
    throw syscallError({ action, syscall: "readlink", result: self, path, hint: PROC_HINT });
  }
  // The open handle keeps its inode number from being used again meanwhile.
  namespace.hold();
  try {
    const isIn = (status: Status) => status.inode === inode && status.dev === dev;
    return pidsWhere(isIn, action, threads);
  } finally {
    namespace.release();
  }
}

/** The processes, or threads, whose network namespace has a status, in ascending order. */
export function pidsWhere(
  isIn: (status: Status) => boolean,
  action: string,
  threads = false,
): number[] {
  const pids = readNumbers(libc(), "/proc");
  if (typeof pids === "number") {
    throw syscallError({ action, syscall: "open", result: pids, path: "/proc" });
  }
  const found = pids.flatMap((pid) => {
    const tasks = `/proc/${pid}/task`;
    const tids = readNumbers(libc(), tasks);
    if (typeof tids === "number") return []; // It ended meanwhile.
    const livesIn = (tid: number) => {
      const status = statx(libc(), `${tasks}/${tid}/ns/net`);
      return typeof status !== "number" && isIn(status);
    };
    return threads ? tids.filter(livesIn) : tids.some(livesIn) ? [pid] : [];
  });
  return found.sort((a, b) => a - b);
}
