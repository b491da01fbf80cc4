/**
 * Objects of rtnetlink that can be used while it is being loaded.
 *
 * @module
 */

import { type DisposableIterator, lateIterator } from "../disposable_iterator.ts";
import type { Namespace } from "../namespace.ts";
import { netlinkMethod } from "../remote_netlink_call.ts";
import { type NetlinkMembers, netlinkObjects } from "../thread/inside/remote_netlink.ts";
import type { Netlink } from "./netlink.ts";
import { snapshot } from "./snapshot.ts";

/** The objects that a handle has. */
export type NetlinkObjects = Pick<
  Netlink,
  "link" | "addr" | "route" | "rule" | "neigh" | "fdb" | "nsid" | "qdisc" | "class" | "filter"
>;

/**
 * Makes the objects.
 *
 * @param load Gives what has their methods, or begins to load it.
 * @param duplicate Keeps the namespace of a handle for a call that waits; undefined for other values.
 */
export function lateObjects(
  load: () => Netlink | Promise<Netlink>,
  duplicate: (value: object) => Namespace | undefined,
): NetlinkObjects {
  const ask = async (path: readonly string[], args: unknown[]): Promise<unknown> => {
    const netlink = load();
    if (!(netlink instanceof Promise)) return await netlinkMethod(netlink, path)!(...args);
    const held: Namespace[] = [];
    const replace = (value: object) => {
      const namespace = duplicate(value);
      if (namespace !== undefined) held.push(namespace);
      return namespace ?? value;
    };
    try {
      // What the caller changes from now on does not count, as when the message is written at once.
      const taken = snapshot(args, replace);
      return await netlink.then((netlink) => netlinkMethod(netlink, path)!(...taken));
    } finally {
      for (const namespace of held) namespace.abandon();
    }
  };
  const method = (path: readonly string[]) =>
    path.at(-1) === "dump"
      ? (...args: unknown[]) =>
        lateIterator(ask(path, args) as Promise<DisposableIterator<unknown>>)
      : (...args: unknown[]) => ask(path, args);
  const object = (path: readonly string[], { methods, objects = {} }: NetlinkMembers): object =>
    Object.fromEntries([
      ...methods.map((name) => [name, method([...path, name])]),
      ...Object.entries(objects).map(([name, members]) => {
        return [name, object([...path, name], members)];
      }),
    ]);
  return object([], { methods: [], objects: netlinkObjects }) as NetlinkObjects;
}
