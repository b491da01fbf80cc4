/**
 * Threads whose program is bundled from the sources, as that of a namespace thread is.
 *
 * @module
 */

import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** Starts a thread with a TypeScript program that imports from `./src/`. */
export function startProgram(contents: string): Worker {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../..", import.meta.url)), loader: "ts" },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "es2022",
    logLevel: "silent",
  });
  return new Worker(outputFiles[0]!.text, { eval: true });
}

/** Sends a message to a thread and waits for its answer; rejects when it dies before. */
export function ask(
  worker: Worker,
  message: unknown,
  transfer: readonly object[] = [],
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      outcome();
    };
    const onMessage = (answer: unknown) => settle(() => resolve(answer));
    const onError = (error: unknown) => settle(() => reject(error));
    worker.on("message", onMessage);
    worker.on("error", onError);
    try {
      worker.postMessage(message, transfer as never);
    } catch (error) {
      onError(error);
    }
  });
}
