/**
 * Removes the names that nobody needs: stale ones, and those whose owner is gone.
 *
 * @module
 */

import { statx } from "../ffi/system_calls.ts";
import { NetNSError } from "./errors.ts";
import { libc } from "./libc.ts";
import { type Mount, mounts } from "./mountinfo.ts";
import { abandonedNames, forgetOwner } from "./name_owner.ts";
import { deleteNamed, listNamed } from "./named.ts";
import { directory, namedPath } from "./named_directory.ts";

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

/** Removes the names that nobody needs; returns them. */
export function pruneNames(
  { dir, dryRun = false }: { dir?: string | undefined; dryRun?: boolean | undefined },
): PrunedName[] {
  const path = directory(dir);
  const pruned = [...staleNames(path), ...ownerless(path)];
  if (dryRun) return pruned;
  return pruned.filter(({ name, reason }) => {
    deleteNamed(name, { dir: path, ifExists: true });
    if (reason === "abandoned") forgetOwner(path, name);
    return true;
  });
}

function staleNames(dir: string): PrunedName[] {
  const stale = listNamed({ dir }).filter((entry) => entry.stale && isOld(entry.path));
  if (stale.length > 0) requireVisibleMounts(dir);
  return stale.map(({ name, path }) => ({ name, path, reason: "stale" }));
}

function isOld(path: string): boolean {
  const status = statx(libc(), path);
  return typeof status === "number" || Date.now() - status.changed > STALE_AFTER;
}

/** Names whose owner is gone, as long as they still stand for what he made. */
function ownerless(dir: string): PrunedName[] {
  return abandonedNames(dir).flatMap(({ name, dev, inode }) => {
    const path = namedPath(dir, name);
    const status = statx(libc(), path);
    if (typeof status !== "number" && status.dev === dev && status.inode === inode) {
      return [{ name, path, reason: "abandoned" as const }];
    }
    return [];
  });
}

/**
 * Refuses where a name may only look stale: without propagation, what others mount in the directory
 * is not seen here, and to remove the file would unmount it there.
 */
function requireVisibleMounts(dir: string): void {
  let best: Mount | undefined;
  for (const mount of mounts()) {
    if (!`${dir}/`.startsWith(mount.point === "/" ? "/" : `${mount.point}/`)) continue;
    if (best === undefined || mount.point.length >= best.point.length) best = mount;
  }
  if (best === undefined || best.seesOthers) return;
  throw new NetNSError(`Cannot prune "${dir}": names may be in use where this process cannot see`, {
    code: "ERR_NETNS_UNSUPPORTED",
    path: dir,
    hint: `mounts of others do not appear below "${best.point}": in a container, mount ${dir} ` +
      "with rslave; else prune where the names are made",
  });
}
