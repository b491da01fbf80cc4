/**
 * rtnetlink inside a namespace thread: what is asked is carried out by the main thread.
 *
 * @module
 */

import type { RemoteMethod } from "../protocol.ts";
import { RemoteIterator } from "./remote_iterator.ts";

/** Asks the main thread to carry out a method of a handle. */
export type AskHandle = (method: RemoteMethod, args: unknown[]) => Promise<unknown>;

/** The methods of an object of rtnetlink, and objects that it has. */
export interface NetlinkMembers {
  readonly methods: readonly string[];
  readonly objects?: Readonly<Record<string, NetlinkMembers>>;
}

const common = ["add", "del", "list"];
const changeable = [...common, "dump", "replace", "change"];

/** The objects of rtnetlink that a handle has; see `NetNS`. */
export const netlinkObjects: Readonly<Record<string, NetlinkMembers>> = {
  link: {
    methods: [...common, "dump", "set", "get", "stats"],
    objects: { bridgeVlan: { methods: common } },
  },
  addr: { methods: [...common, "dump", "replace"] },
  route: { methods: [...changeable, "append", "get"] },
  rule: { methods: [...common, "dump"] },
  neigh: { methods: [...changeable, "get"] },
  fdb: { methods: [...common, "dump", "replace", "append"] },
  nsid: { methods: ["get", "set", "list"] },
  qdisc: { methods: changeable },
  class: { methods: changeable },
  filter: { methods: changeable },
};

/** Makes arguments mean on the main thread what they mean here. */
export type OwnArguments = (args: unknown[]) => unknown[];

/** A method that gives a promise, or as `dump` an iterator. */
export function remoteMethod(ask: AskHandle, own: OwnArguments, path: readonly string[]): object {
  const name = path.at(-1);
  return name === "dump" || name === "monitor"
    ? (...args: unknown[]) => new RemoteIterator(ask, path, args)
    : (...args: unknown[]) => ask("netlink", [path, own(args)]);
}

/** An object of rtnetlink, as `ns.link`. */
export function remoteNetlink(
  ask: AskHandle,
  own: OwnArguments,
  path: readonly string[],
  { methods, objects = {} }: NetlinkMembers,
): object {
  return Object.fromEntries([
    ...methods.map((name) => [name, remoteMethod(ask, own, [...path, name])]),
    ...Object.entries(objects).map(([name, members]) => {
      return [name, remoteNetlink(ask, own, [...path, name], members)];
    }),
  ]);
}
