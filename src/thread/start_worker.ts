/**
 * Starts the Workers of the library, with the namespace of the calling thread.
 *
 * @module
 */

import type { Worker } from "node:worker_threads";
import { builtin } from "../../ffi/builtin.ts";
import { errnoOf } from "../errno_of.ts";
import { NetNSError } from "../errors.ts";
import type { Namespace } from "../namespace.ts";
import { threadEnvironment } from "./environment.ts";

/** Under which a namespace thread keeps the class that it replaces by one for its own namespace. */
const ownWorkerSymbol = Symbol.for("@netns/netns.worker.1");

/** What a Worker runs. */
export interface WorkerProgram {
  /** Its text: CommonJS. */
  program: string;
  /** Its name for debuggers. */
  name: string;
  /** What it is born with. */
  workerData: unknown;
}

/** Starts a Worker in `namespace`, where the caller is at this moment. */
export function startWorker(
  namespace: Namespace,
  { program, name, workerData }: WorkerProgram,
): Worker {
  const { Worker } = builtin.worker_threads;
  const OwnWorker = (Worker as { [ownWorkerSymbol]?: typeof Worker })[ownWorkerSymbol] ?? Worker;
  try {
    const env = threadEnvironment();
    const execArgv = threadArguments();
    return new OwnWorker(program, {
      eval: true,
      name,
      workerData,
      ...(env === undefined ? {} : { env }),
      ...(execArgv === undefined ? {} : { execArgv }),
    });
  } catch (cause) {
    throw startError(namespace, cause);
  }
}

/** The flags of a thread, where they must differ from those of the process. */
function threadArguments(): string[] | undefined {
  const flags = builtin.process.execArgv;
  // The program is CommonJS, whatever the user feeds to Node by -e or on the standard input.
  const index = flags.findIndex((flag) => /^--input-type\b/.test(flag));
  return index < 0
    ? undefined
    : [...flags.slice(0, index), ...flags.slice(index + (flags[index]!.includes("=") ? 1 : 2))];
}

/** The error for a thread that did not start. */
export function startError(namespace: Namespace, cause: unknown): NetNSError {
  const { code, message } = cause as { code?: string; message: string };
  return new NetNSError(`Cannot start a thread in ${namespace.label}: ${message}`, {
    code: errnoOf(cause) ?? "ERR_NETNS_UNSUPPORTED",
    hint: code === "ERR_ACCESS_DENIED"
      ? "under --permission add --allow-worker"
      : "a limit is reached: of open files (ulimit -n), threads (ulimit -u, pids cgroup) or memory",
    cause,
  });
}
