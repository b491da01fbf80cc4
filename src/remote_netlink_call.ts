/**
 * Which method of a handle's rtnetlink a function inside a namespace thread asks for.
 *
 * @module
 */

import { netlinkObjects } from "./thread/inside/remote_netlink.ts";

/** The path of the method below the handle, as `["link", "add"]`, and its arguments. */
export type NetlinkQuestion = [path: readonly string[], args: unknown[]];

/** The method at the end of a path that leads through objects of rtnetlink only. */
export function netlinkMethod(
  handle: object,
  path: readonly string[],
): ((...args: unknown[]) => unknown) | undefined {
  if (path[0] !== "monitor" && !Object.hasOwn(netlinkObjects, path[0]!)) return undefined;
  let owner: unknown;
  let member: unknown = handle;
  for (const name of path) {
    owner = member;
    if (typeof owner !== "object" || owner === null || name === "constructor") return undefined;
    member = Reflect.has(Object.prototype, name) ? undefined : Reflect.get(owner, name);
  }
  return typeof member === "function" ? member.bind(owner) : undefined;
}
