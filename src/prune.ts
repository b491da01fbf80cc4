/**
 * Removes the names that nobody needs: stale ones, and those whose owner is gone.
 *
 * @module
 */

import {
  AT_SYMLINK_NOFOLLOW,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
  S_IFMT,
  S_IFREG,
} from "../ffi/constants.ts";
import { statx } from "../ffi/system_calls.ts";
import { isNetNSError, NetNSError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { type Mount, mountOf } from "./mountinfo.ts";
import { forgetOwner, recordedNames, stateOfOwner } from "./name_owner.ts";
import { deleteNamedIf, listNamed, stateOfName } from "./named.ts";
import { directory, namedPath, withLockedDirectory } from "./named_directory.ts";
import { exists } from "./named_file.ts";

/** A name that is removed, or would be. */
export interface PrunedName {
  /** The name. */
  name: string;
  /** Its file. */
  path: string;
  /** `"stale"`: it has no namespace. `"abandoned"`: the process that owned it is gone. */
  reason: "stale" | "abandoned";
}

/** How old a file without a namespace must be, in ms: younger ones are just being made. */
const STALE_AFTER = 5000;

/** The permission bits of writers. */
const ANY_WRITE = 0o222;

/** What came of pruning. */
export interface Pruning {
  /** The names that are removed, or would be. */
  readonly pruned: PrunedName[];
  /** Why others are not. */
  readonly errors: NetNSError[];
}

/** Removes the names that nobody needs. One that cannot be removed does not keep the others. */
export function pruneNames(
  { dir, dryRun = false }: { dir?: string | undefined; dryRun?: boolean | undefined },
): Pruning {
  const path = directory(dir);
  const errors: NetNSError[] = [];
  const attempt = <T>(run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      if (!isNetNSError(error)) throw error;
      errors.push(error);
      return otherwise;
    }
  };
  const found = [
    ...attempt(() => staleNames(path), []),
    ...attempt(() => abandonedNames(path), []),
  ];
  if (dryRun) return { pruned: found, errors };
  // What is out of sight here may still be what its record says.
  if (errors.length === 0) attempt(() => forgetOthers(path), undefined);
  const pruned = found.filter(({ name, reason }) =>
    attempt(() => deleteNamedIf(name, path, () => isStill(name, reason, path)), false)
  );
  return { pruned, errors };
}

/** The names that were removed; throws the error, or all of them, where some could not be. */
export function prunedOrThrow({ pruned, errors }: Pruning): PrunedName[] {
  if (errors.length === 0) return pruned;
  if (errors.length === 1) throw errors[0]!;
  throw new AggregateError(errors, errors.map(({ message }) => message).join("; "));
}

/** To be asked while no other process changes the directory. */
function isStill(name: string, reason: PrunedName["reason"], dir: string): boolean {
  return reason === "stale"
    ? stateOfName(namedPath(dir, name)) === "stale"
    : stateOfOwner(dir, name) === "abandoned";
}

function staleNames(dir: string): PrunedName[] {
  const stale = listNamed({ dir }).filter((entry) =>
    entry.stale && isOld(entry.path) && isLeftover(dir, entry.path)
  );
  if (stale.length > 0) requireVisibleMounts(dir);
  return stale.map(({ name, path }) => ({ name, path, reason: "stale" }));
}

/**
 * Whether what looks like a stale name is one: an empty file, and where others than makers of names
 * have files too, one that cannot be written, as `ip netns` and this library make them.
 */
export function isLeftover(dir: string, path: string): boolean {
  const status = statx(libc(), path, AT_SYMLINK_NOFOLLOW);
  return typeof status !== "number" && (status.mode & S_IFMT) === S_IFREG && status.size === 0 &&
    (dir === directory() || (status.mode & ANY_WRITE) === 0);
}

/** The mount that a directory is in, whatever links or working directory lead to it. */
function mountOfDirectory(dir: string): Mount | undefined {
  const call = { action: `Cannot prune "${dir}"`, syscall: "open", path: dir };
  const fd = unwrap(libc().open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), call);
  try {
    return mountOf(fd);
  } finally {
    libc().close(fd);
  }
}

function isOld(path: string): boolean {
  const status = statx(libc(), path);
  return typeof status === "number" || Date.now() - status.changed > STALE_AFTER;
}

function abandonedNames(dir: string): PrunedName[] {
  return recordedNames(dir).filter((name) => stateOfOwner(dir, name) === "abandoned")
    .map((name) => ({ name, path: namedPath(dir, name), reason: "abandoned" }));
}

/** Removes the records of owners that are gone, and whose names others have deleted. */
function forgetOthers(dir: string): void {
  const others = () => recordedNames(dir).filter((name) => stateOfOwner(dir, name) === "another");
  if (others().length === 0 || !exists(dir)) return;
  withLockedDirectory(dir, `Cannot prune "${dir}"`, () => {
    for (const name of others()) forgetOwner(dir, name);
  });
}

/**
 * Refuses where a name may only look stale: without propagation, what others mount in the directory
 * is not seen here, and to remove the file would unmount it there.
 */
function requireVisibleMounts(dir: string): void {
  const mount = mountOfDirectory(dir);
  if (mount?.seesOthers) return;
  throw new NetNSError(`Cannot prune "${dir}": names may be in use where this process cannot see`, {
    code: "ERR_NETNS_UNSUPPORTED",
    path: dir,
    hint:
      `mounts of others do not appear below "${
        mount?.point ?? dir
      }": in a container, mount ${dir} ` +
      "with rslave; else prune where the names are made",
  });
}
