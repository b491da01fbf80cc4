/**
 * rtnetlink inside a namespace thread: what is asked is carried out by the main thread.
 *
 * @module
 */

import type { RemoteMethod } from "../protocol.ts";

/** Asks the main thread to carry out a method of a handle. */
export type AskHandle = (method: RemoteMethod, args: unknown[]) => Promise<unknown>;

/** The methods that give an iterator; all others give a promise. */
const iterating = new Set(["dump", "monitor"]);

/** An object of rtnetlink, as `ns.link`: every member is a method, or an object of them. */
export function remoteNetlink(ask: AskHandle, path: readonly string[]): object {
  return new Proxy(() => {}, {
    get(_target, name) {
      // It must not look like a promise, nor like what a value is converted by.
      if (typeof name !== "string" || name === "then" || name === "toJSON") return undefined;
      return remoteNetlink(ask, [...path, name]);
    },
    apply(_target, _this, args: unknown[]) {
      return iterating.has(path.at(-1)!) ? iterate(ask, path, args) : ask("netlink", [path, args]);
    },
  });
}

/** An iterator, one request a step. `signal` among the options stays here. */
async function* iterate(
  ask: AskHandle,
  path: readonly string[],
  args: readonly unknown[],
): AsyncGenerator<unknown, void> {
  const { signal, ...options } = { ...args[0] as { signal?: AbortSignal } | undefined };
  signal?.throwIfAborted();
  const id = await ask("iterate", [path, [options]]);
  const end = () => ask("endIteration", [id]).catch(() => {});
  signal?.addEventListener("abort", end, { once: true });
  try {
    for (;;) {
      const step = await ask("nextIteration", [id]) as IteratorResult<unknown>;
      signal?.throwIfAborted();
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal?.removeEventListener("abort", end);
    await end();
  }
}
