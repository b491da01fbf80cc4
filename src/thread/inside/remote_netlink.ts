/**
 * rtnetlink inside a namespace thread: what is asked is carried out by the main thread.
 *
 * @module
 */

import type { RemoteMethod } from "../protocol.ts";
import { RemoteIterator } from "./remote_iterator.ts";

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
      return iterating.has(path.at(-1)!)
        ? new RemoteIterator(ask, path, args)
        : ask("netlink", [path, args]);
    },
  });
}
