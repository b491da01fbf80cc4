/**
 * Named network namespaces, interoperable with `ip netns`.
 *
 * @module
 */

import { readDirectory } from "../ffi/files.ts";
import { statx } from "../ffi/system_calls.ts";
import { createAnonymous } from "./create.ts";
import { errnoName, isNetNSError, NetNSError, syscallError } from "./errors.ts";
import { libc } from "./libc.ts";
import { checkExistingName, checkName, decodeName, isReadable } from "./name.ts";
import {
  directory,
  namedPath,
  withLockedDirectory,
  withSharedDirectory,
} from "./named_directory.ts";
import { forgetOwner, recordOwner } from "./name_owner.ts";
import { bindName, exists, isEmptyFile, isLink, removeName } from "./named_file.ts";
import type { Namespace } from "./namespace.ts";
import { getNsid } from "./nsid.ts";
import { openPath, openPid } from "./open.ts";
import { retry } from "./retry.ts";

/** How long a name that another program is making may take to become usable, in ms. */
const USABLE_TIMEOUT = 1000;

/** How often a name may vanish and appear again under `exist: "open"`. */
const OPEN_ATTEMPTS = 10;

/** How {@linkcode createNamed} makes a namespace. */
export interface CreateNamedOptions {
  dir?: string | undefined;
  loopback: boolean;
  /** What is done when the name exists. */
  exist: "fail" | "open" | "replace";
  /** Whether the name is abandoned once the handle is closed, or this process has ended. */
  owner?: boolean;
}

/** A name of a network namespace, as `NetNS.list()` finds it. */
export interface NamedNamespace {
  /** The name. */
  name: string;
  /** The file of that name. */
  path: string;
  /** Inode number of the namespace; 0 when the name is stale, or the process may not look. */
  inode: number;
  /** The id by which the calling namespace knows it, where one is assigned. */
  nsid?: number;
  /**
   * Set when the name has no namespace: that is gone, or mounted where this process does not see it,
   * or only now being made.
   */
  stale?: true;
}

/** Makes a namespace with a name; it lives until the name is deleted. */
export function createNamed(name: string, options: CreateNamedOptions): Namespace {
  checkName(name, "options.name");
  const dir = directory(options.dir);
  if (options.exist !== "open") return create(name, dir, options);
  const path = namedPath(dir, name);
  for (let attempt = 1;; attempt++) {
    try {
      return exists(path) ? openWhenUsable(name, path) : create(name, dir, options);
    } catch (error) {
      // The name appeared or vanished between the two looks at it.
      if (!hasCode(error, "EEXIST", "ERR_NETNS_NOT_FOUND") || attempt === OPEN_ATTEMPTS) {
        throw error;
      }
    }
  }
}

function create(name: string, dir: string, options: CreateNamedOptions): Namespace {
  const { loopback, exist, owner } = options;
  const path = namedPath(dir, name);
  const action = `Cannot create network namespace "${path}"`;
  // First, as it is what fails for want of rights or descriptors: nothing is on disk yet.
  const created = createAnonymous({ loopback }, { name, path });
  try {
    withSharedDirectory(dir, action, () => {
      if (exist === "replace" && removeName(path, action)) forgetOwner(dir, name);
      bindName(created, path, action);
      if (owner) own(created, dir, name, action);
    });
    return created;
  } catch (error) {
    created.close();
    throw error;
  }
}

/** Records the ownership of a name that was just made; takes the name back where it cannot. */
function own(namespace: Namespace, dir: string, name: string, action: string): void {
  try {
    namespace.keepUntilClosed(recordOwner(dir, name, namespace));
  } catch (error) {
    removeName(namedPath(dir, name), action);
    throw error;
  }
}

/** Opens a name that `ip netns add` may have made a file for, and not yet mounted. */
function openWhenUsable(name: string, path: string): Namespace {
  return retry(USABLE_TIMEOUT, () => {
    try {
      return openPath(path, name);
    } catch (error) {
      if (hasCode(error, "ERR_NETNS_NOT_A_NAMESPACE") && isEmptyFile(path)) return undefined;
      throw error;
    }
  }) ?? openPath(path, name);
}

/** Opens the namespace of a name. */
export function openNamed(name: string, options: { dir?: string | undefined } = {}): Namespace {
  checkExistingName(name);
  return openPath(namedPath(directory(options.dir), name), name);
}

/** Gives an open namespace a name, and so a life of its own; returns the path. */
export function pinNamespace(
  namespace: Namespace,
  name: string,
  options: { dir?: string | undefined } = {},
): string {
  checkName(name);
  const dir = directory(options.dir);
  const path = namedPath(dir, name);
  const action = `Cannot pin ${namespace.label} to "${path}"`;
  withSharedDirectory(dir, action, () => bindName(namespace, path, action));
  return path;
}

/** Deletes a name. The namespace lives on while it is used. */
export function deleteNamed(
  name: string,
  options: { dir?: string | undefined; ifExists?: boolean | undefined } = {},
): void {
  checkExistingName(name);
  const dir = directory(options.dir);
  if (deleteNamedIf(name, dir, () => true) || options.ifExists) return;
  const path = namedPath(dir, name);
  throw new NetNSError(`Cannot delete network namespace "${path}": there is no such name`, {
    code: "ERR_NETNS_NOT_FOUND",
    path,
  });
}

/**
 * Deletes a name if a condition holds while no other process changes the directory. Returns whether
 * there was one.
 */
export function deleteNamedIf(name: string, dir: string, condition: () => boolean): boolean {
  const path = namedPath(dir, name);
  if (!exists(path)) return false;
  const action = `Cannot delete network namespace "${path}"`;
  return withLockedDirectory(dir, action, () => {
    if (!condition() || !removeName(path, action)) return false;
    forgetOwner(dir, name);
    return true;
  });
}

/** The names in a directory, in order. */
export function listNamed(options: { dir?: string | undefined } = {}): NamedNamespace[] {
  const dir = directory(options.dir);
  return namesIn(dir).flatMap((name) => describe(name, namedPath(dir, name)) ?? []);
}

/** Every name of the namespace that the main thread of a process is in. */
export function identify(pid: number, options: { dir?: string | undefined } = {}): string[] {
  const dir = directory(options.dir);
  const target = openPid(pid);
  try {
    return namesIn(dir).filter((name) => {
      const status = statx(libc(), namedPath(dir, name));
      return typeof status !== "number" && status.inode === target.inode &&
        status.dev === target.dev;
    });
  } finally {
    target.close();
  }
}

/**
 * The names in a directory that are no UTF-8, of which nothing else is told. Their text is not that
 * of any file.
 */
export function unreadableNames(options: { dir?: string | undefined } = {}): string[] {
  return filesIn(directory(options.dir)).filter((name) => !isReadable(name));
}

/** The files of a directory whose names are text, in order; none when there is no such directory. */
export function namesIn(dir: string): string[] {
  return filesIn(dir).filter(isReadable);
}

function filesIn(dir: string): string[] {
  const names = readDirectory(libc(), dir, decodeName);
  if (typeof names !== "number") return names.sort();
  if (errnoName(names) === "ENOENT") return [];
  const action = "Cannot list network namespaces";
  throw syscallError({ action, syscall: "open", result: names, path: dir });
}

/** What a file of a directory of names is. */
type NameState =
  /** A namespace. */
  | "usable"
  /** A name without a namespace: it is gone, out of sight, or being made. */
  | "stale"
  /** The process may not look. */
  | "hidden"
  /** No name, or not there any more. */
  | "none";

/** Opens the namespace of a file, or tells why there is none. */
function openNameOr(path: string, name?: string): Namespace | Exclude<NameState, "usable"> {
  try {
    return openPath(path, name);
  } catch (error) {
    if (hasCode(error, "ERR_NETNS_WRONG_KIND", "ELOOP")) return "none";
    if (!hasCode(error, "ERR_NETNS_NOT_FOUND", "ERR_NETNS_NOT_A_NAMESPACE", "EACCES")) throw error;
    const dangling = hasCode(error, "ERR_NETNS_NOT_FOUND") && isLink(path);
    if (dangling || isEmptyFile(path)) return "stale";
    return hasCode(error, "EACCES") ? "hidden" : "none";
  }
}

/** What the file of a name is at the moment. */
export function stateOfName(path: string): NameState {
  const opened = openNameOr(path);
  if (typeof opened === "string") return opened;
  opened.close();
  return "usable";
}

/** What a file of the directory is; undefined when it is no name, or vanished meanwhile. */
function describe(name: string, path: string): NamedNamespace | undefined {
  const opened = openNameOr(path, name);
  if (opened === "none") return undefined;
  if (opened === "hidden") return { name, path, inode: 0 };
  if (opened === "stale") return { name, path, inode: 0, stale: true };
  try {
    return { name, path, ...describeOpen(opened) };
  } finally {
    opened.close();
  }
}

/** What can be told of an open namespace besides where it is found. */
export function describeOpen(namespace: Namespace): { inode: number; nsid?: number } {
  const nsid = getNsid(namespace);
  return { inode: namespace.inode, ...(nsid === undefined ? {} : { nsid }) };
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return isNetNSError(error) && codes.includes(error.code);
}
