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
  O_EXCL,
  O_NOFOLLOW,
  O_RDONLY,
  O_RDWR,
} from "../ffi/constants.ts";
import { readDirectory, readLink, readText } from "../ffi/files.ts";
import { errnoName, isNetNSError, NetNSError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { decodeName, isReadable } from "./name.ts";
import { namedPath } from "./named_directory.ts";
import type { Namespace } from "./namespace.ts";
import { idOf } from "./namespace_id.ts";
import { openPath } from "./open.ts";
import { closeOwned, closeWith } from "./owned_descriptor.ts";

/** What a record holds: see {@linkcode identityOf}; nothing until its owner has locked it. */
const RECORD = /^(?:\d+ \d+ (?:\d+|\?)\n)?$/;

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

/** Records that this process owns a name that it has just made, and that nobody else had before. */
export function recordOwner(dir: string, name: string, namespace: Namespace): NameOwner {
  const records = recordsOf(dir);
  const path = namedPath(records, name);
  const action = `Cannot record the owner of network namespace "${namedPath(dir, name)}"`;
  const made = libc().mkdir(records, 0o755);
  if (made < 0 && errnoName(made) !== "EEXIST") unwrap(made, { action, syscall: "mkdir", path });
  if (isLink(records)) {
    const message = `${action}: "${records}" is a symbolic link`;
    throw new NetNSError(message, { code: "ELOOP", path: records });
  }
  forgetOwner(dir, name);
  const flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  const fd = unwrap(libc().open(path, flags, 0o600), { action, syscall: "open", path });
  try {
    // Who looks for abandoned names has it locked for a moment.
    unwrap(libc().flock(fd, LOCK_EX), { action, syscall: "flock", path });
    const text = new TextEncoder().encode(`${identityOf(namespace)}\n`);
    unwrap(libc().write(fd, text, text.byteLength), { action, syscall: "write", path });
    return new NameOwner(fd);
  } catch (error) {
    libc().close(fd);
    libc().unlink(path);
    throw error;
  }
}

/** Inode numbers are used again soon; the id, where the kernel gives one, never. */
function identityOf(namespace: Namespace): string {
  return `${namespace.dev} ${namespace.inode} ${idOf(namespace) ?? "?"}`;
}

/** Removes the record of a name, whoever owns it; a file that is none stays. */
export function forgetOwner(dir: string, name: string): void {
  const records = recordsOf(dir);
  const path = namedPath(records, name);
  const text = readText(libc(), path);
  if (!isLink(records) && !isLink(path) && RECORD.test(String(text))) libc().unlink(path);
}

function isLink(path: string): boolean {
  return typeof readLink(libc(), path) === "string";
}

/** The names that have a record. */
export function recordedNames(dir: string): string[] {
  const names = readDirectory(libc(), recordsOf(dir), decodeName);
  return typeof names === "number" ? [] : names.filter(isReadable).sort();
}

/**
 * What a record says of a name: its owner is `"alive"`; or gone, and the name `"abandoned"`, or by
 * now `"another"` one, or none.
 */
export function stateOfOwner(dir: string, name: string): "alive" | "abandoned" | "another" {
  const path = namedPath(recordsOf(dir), name);
  const fd = libc().open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd < 0) return "alive"; // For all that this process may know.
  try {
    if (libc().flock(fd, LOCK_EX | LOCK_NB) < 0) return "alive";
    const text = readText(libc(), path);
    // Empty is the record of one who is about to lock it.
    if (text === "") return "alive";
    return text === `${currentIdentity(dir, name)}\n` ? "abandoned" : "another";
  } finally {
    libc().close(fd);
  }
}

function currentIdentity(dir: string, name: string): string | undefined {
  let namespace: Namespace;
  try {
    namespace = openPath(namedPath(dir, name), name);
  } catch (error) {
    if (isNetNSError(error)) return undefined;
    throw error;
  }
  try {
    return identityOf(namespace);
  } finally {
    namespace.close();
  }
}
