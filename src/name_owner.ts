/**
 * Who owns a name: a process that made it with `owner: true`, as long as its handle is open.
 *
 * The record is a file beside the directory of the names, as every file in that is a name. It holds
 * which namespace the name stood for, and the owner has it locked; the kernel takes the lock of a
 * process that dies.
 *
 * @module
 */

import {
  LOCK_EX,
  LOCK_NB,
  O_CLOEXEC,
  O_CREAT,
  O_NOFOLLOW,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
} from "../ffi/constants.ts";
import { readDirectory, readText } from "../ffi/files.ts";
import { errnoName, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { namedPath } from "./named_directory.ts";
import type { Namespace } from "./namespace.ts";
import { closeOwned, closeWith } from "./owned_descriptor.ts";

/** A record that its owner left behind. */
export interface AbandonedName {
  readonly name: string;
  /** The namespace that the name stood for. */
  readonly dev: number;
  readonly inode: number;
}

/** The lock that an owner holds. */
export class NameOwner {
  #fd: number;

  /** Takes `fd` over, which has the record locked. */
  constructor(fd: number) {
    this.#fd = fd;
    closeWith(this, fd);
  }

  /** Gives the lock up: from now on the name counts as abandoned. */
  release(): void {
    if (this.#fd < 0) return;
    closeOwned(this, this.#fd);
    this.#fd = -1;
  }
}

function recordsOf(dir: string): string {
  return `${dir.replace(/\/+$/, "")}.owners`;
}

/** Records that this process owns a name. */
export function recordOwner(dir: string, name: string, namespace: Namespace): NameOwner {
  const records = recordsOf(dir);
  const path = namedPath(records, name);
  const action = `Cannot record the owner of network namespace "${namedPath(dir, name)}"`;
  const made = libc().mkdir(records, 0o755);
  if (made < 0 && errnoName(made) !== "EEXIST") unwrap(made, { action, syscall: "mkdir", path });
  const flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  const fd = unwrap(libc().open(path, flags, 0o644), { action, syscall: "open", path });
  try {
    unwrap(libc().flock(fd, LOCK_EX | LOCK_NB), {
      action,
      syscall: "flock",
      path,
      hint: "another process owns the name, or is pruning it",
    });
    const text = new TextEncoder().encode(`${namespace.dev} ${namespace.inode}\n`);
    unwrap(libc().write(fd, text, text.byteLength), { action, syscall: "write", path });
    return new NameOwner(fd);
  } catch (error) {
    libc().close(fd);
    throw error;
  }
}

/** Removes the record of a name, whoever owns it. */
export function forgetOwner(dir: string, name: string): void {
  libc().unlink(namedPath(recordsOf(dir), name));
}

/** The names whose owners are gone. */
export function abandonedNames(dir: string): AbandonedName[] {
  const records = recordsOf(dir);
  const names = readDirectory(libc(), records);
  return typeof names === "number"
    ? []
    : names.flatMap((name) => abandoned(namedPath(records, name), name) ?? []);
}

function abandoned(path: string, name: string): AbandonedName | undefined {
  const fd = libc().open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd < 0) return undefined;
  try {
    if (libc().flock(fd, LOCK_EX | LOCK_NB) < 0) return undefined;
    const text = readText(libc(), path);
    const [, dev, inode] = /^(\d+) (\d+)\n$/.exec(String(text)) ?? [];
    return dev === undefined ? undefined : { name, dev: Number(dev), inode: Number(inode) };
  } finally {
    libc().close(fd);
  }
}
