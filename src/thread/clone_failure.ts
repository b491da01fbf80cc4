/**
 * Why `postMessage` refused a value.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import type { NetNSError } from "../errors.ts";
import { type Container, visitMembers } from "./members.ts";
import { refuse, uncloneable } from "./uncloneable.ts";

/**
 * The error for a value that was encoded and that `postMessage` refused nonetheless: a Proxy, an
 * `arguments` object, a named property of an array. Finding one is dear, so it is done afterwards.
 *
 * @param error What `postMessage` threw.
 * @param value The value in the message.
 * @param root What the value is called: `args`, `result`.
 * @param transfer The objects that were to be transferred.
 * @returns A NetNSError `ERR_NETNS_UNCLONEABLE` with the path of the culprit where it is found.
 */
export function cloneFailure(
  error: unknown,
  value: unknown,
  root: string,
  transfer: readonly object[] = [],
): NetNSError {
  let path = "";
  let culprit = value;
  // What is to be transferred, and the containers passed on the way, are not to blame.
  const innocent = new Set<unknown>([...transfer, value]);
  for (
    let step = firstFailing(culprit, innocent);
    step !== undefined;
    step = firstFailing(culprit, innocent)
  ) {
    path += step[0];
    culprit = step[1];
    innocent.add(culprit);
  }
  if (typeof culprit === "function" || typeof culprit === "symbol") {
    return uncloneable(root, { ...refuse(culprit), path, cause: error });
  }
  const proxy = builtin.util.types.isProxy(culprit);
  return uncloneable(root, {
    path,
    reason: proxy ? "it is a Proxy" : error instanceof Error ? error.message : String(error),
    hint: proxy ? (full) => `pass a copy, such as { ...${full} }` : undefined,
    cause: error,
  });
}

/** The first member of a container that cannot be cloned by itself, and the way to it. */
function firstFailing(
  value: unknown,
  innocent: ReadonlySet<unknown>,
): [step: string, value: unknown] | undefined {
  if (typeof value !== "object" || value === null || builtin.util.types.isProxy(value)) {
    return undefined;
  }
  let culprit: unknown;
  const visit = (member: unknown) => {
    if (innocent.has(member)) return undefined;
    try {
      structuredClone(member);
      return undefined;
    } catch (cause) {
      culprit = member;
      return { path: "", reason: "", cause };
    }
  };
  const found = visitMembers(value, natureOf(value), { visit }, undefined);
  return found && [found.path, culprit];
}

function natureOf(value: object): Container {
  if (value instanceof Map) return "map";
  if (value instanceof Set) return "set";
  return Array.isArray(value) ? "array" : "object";
}
