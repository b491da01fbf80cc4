/**
 * What is in namespaces, as far as this process may know.
 *
 * @module
 */

import { dirname } from "node:path";
import { NetNS } from "../../mod.ts";
import type { FoundNamespace } from "../all_namespaces.ts";
import type { NetNSError } from "../errors.ts";
import { attempt } from "./commands/shared.ts";

/** How each member is found by one who may enter. */
export type Looks<T> = { readonly [Name in keyof T]: (ns: NetNS) => T[Name] | Promise<T[Name]> };

/** A namespace, with the members that could be found. */
export type Described<T> =
  & Omit<FoundNamespace, "nsid">
  & Partial<T>
  & {
    /** The id by which the current namespace knows it. */
    readonly id: number | undefined;
    /** The processes in it that this one may look into. */
    readonly pids?: readonly number[];
    /** Why members are missing. */
    readonly error?: string;
  };

/** Codes of a namespace that has ended since it was listed. */
export const GONE: readonly string[] = ["ERR_NETNS_NOT_FOUND", "ERR_NETNS_NOT_A_NAMESPACE"];

/**
 * Tells of namespaces what can be told, and why not more. Of those that were only listed, the ones
 * that have gone meanwhile are left out.
 */
export async function lookInside<T extends object>(
  entries: readonly FoundNamespace[],
  looks: Looks<T>,
  listed: boolean,
): Promise<{ described: Described<T>[]; errors: NetNSError[] }> {
  const described: Described<T>[] = [];
  const allErrors: NetNSError[] = [];
  // One after the other: each takes descriptors.
  for (const entry of entries) {
    const { nsid: id, ...rest } = entry;
    const errors: NetNSError[] = [];
    const found = entry.stale ? {} : await look(entry, looks, errors);
    if (found !== undefined || !listed) allErrors.push(...errors);
    if (found === undefined) continue;
    const [error] = errors;
    described.push(
      { ...rest, id, ...found, ...(error && { error: error.message }) } as Described<T>,
    );
  }
  return { described, errors: allErrors };
}

/** What is found in one; undefined where it is gone, or a path without a name leads elsewhere. */
async function look<T extends object>(
  { name, path, inode }: FoundNamespace,
  looks: Looks<T>,
  errors: NetNSError[],
): Promise<object | undefined> {
  const ns = await attempt(
    errors,
    () => name === undefined ? NetNS.fromPath(path) : NetNS.fromName(name, { dir: dirname(path) }),
  );
  if (ns === undefined) return errors.some(({ code }) => GONE.includes(code)) ? undefined : {};
  try {
    if (name === undefined && ns.inode !== inode) return undefined;
    const found: Partial<T> & { pids?: number[] } = {};
    const pids = await attempt(errors, () => ns.pids());
    const entered = await attempt(errors, () => ns.doSync(() => true));
    for (const member of entered ? Object.keys(looks) as (keyof T)[] : []) {
      const value = await attempt(errors, () => looks[member](ns));
      if (value !== undefined) found[member] = value;
    }
    return { inode: ns.inode, id: await ns.getNsid(), ...found, ...(pids && { pids }) };
  } finally {
    await ns.close();
  }
}
