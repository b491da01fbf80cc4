/**
 * The network namespaces of the machine that have no name, found by who uses them.
 *
 * @module
 */

import { readLink, readNumbers } from "../ffi/files.ts";
import { statx } from "../ffi/system_calls.ts";
import { isNetNSError } from "./errors.ts";
import { libc } from "./libc.ts";
import { mounts, namespaceInode } from "./mountinfo.ts";
import { describeOpen, listNamed, type NamedNamespace } from "./named.ts";
import type { Namespace } from "./namespace.ts";
import { openPath } from "./open.ts";

/** A network namespace that may have no name, as `NetNS.list({ all: true })` finds it. */
export interface FoundNamespace extends Omit<NamedNamespace, "name"> {
  /** The name, where it has one. */
  name?: string;
}

/** The names, and after them each other namespace once, by the inode. */
export function listAll(options: { dir?: string | undefined } = {}): FoundNamespace[] {
  const named = listNamed(options);
  const known = new Set(named.map(({ inode }) => inode));
  const others: FoundNamespace[] = [];
  for (const { path, inode } of uses()) {
    if (known.has(inode)) continue;
    const found = describeUse(path, inode);
    if (found === undefined) continue;
    known.add(inode);
    others.push(found);
  }
  return [...named, ...others.sort((one, two) => one.inode - two.inode)];
}

interface Use {
  readonly path: string;
  readonly inode: number;
}

/** Who ends meanwhile uses it no more; the next one may. */
function describeUse(path: string, inode: number): FoundNamespace | undefined {
  let namespace: Namespace;
  try {
    namespace = openPath(path);
  } catch (error) {
    if (isNetNSError(error)) return undefined;
    throw error;
  }
  try {
    return namespace.inode === inode ? { path, ...describeOpen(namespace) } : undefined;
  } finally {
    namespace.close();
  }
}

/** Mounts come first, as their paths last longest, and main threads before others. */
function* uses(): Generator<Use> {
  for (const { root, point } of mounts()) {
    const inode = namespaceInode(root);
    if (inode !== undefined) yield { path: point, inode };
  }
  const pids = numbersIn("/proc");
  for (const pid of pids) yield* useOf(`/proc/${pid}/ns/net`);
  for (const pid of pids) {
    for (const tid of numbersIn(`/proc/${pid}/task`)) {
      if (tid !== pid) yield* useOf(`/proc/${pid}/task/${tid}/ns/net`);
    }
    for (const fd of numbersIn(`/proc/${pid}/fd`)) {
      const path = `/proc/${pid}/fd/${fd}`;
      const inode = namespaceInode(String(readLink(libc(), path)));
      if (inode !== undefined) yield { path, inode };
    }
  }
}

function* useOf(path: string): Generator<Use> {
  const status = statx(libc(), path);
  if (typeof status !== "number") yield { path, inode: status.inode };
}

function numbersIn(path: string): number[] {
  const numbers = readNumbers(libc(), path);
  return typeof numbers === "number" ? [] : numbers;
}
