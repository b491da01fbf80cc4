/**
 * The directory whose files name network namespaces, shared with `ip netns`.
 *
 * @module
 */

import {
  LOCK_EX,
  LOCK_NB,
  MS_BIND,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
} from "../ffi/constants.ts";
import { statx } from "../ffi/system_calls.ts";
import { checkPath } from "./check.ts";
import { errnoName, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import type { NamespaceLabel } from "./namespace.ts";
import { retry } from "./retry.ts";

/** Where `ip netns` keeps its names. */
const DEFAULT_DIRECTORY = "/run/netns";

/** How long another process may hold the lock, in ms. */
const LOCK_TIMEOUT = 10_000;

/** The directory that an option names, else that of `ip netns`. */
export function directory(dir?: string): string {
  return dir === undefined ? DEFAULT_DIRECTORY : checkPath("options.dir", dir);
}

/** The file of a name. */
export function namedPath(dir: string, name: string): string {
  return `${dir.replace(/\/+$/, "")}/${name}`;
}

/**
 * The name of a namespace where files of /etc/netns/NAME belong to it: in /run/netns, by whatever
 * path. The same name in another directory is another namespace.
 */
export function nameInEtc({ name, path }: NamespaceLabel): string | undefined {
  if (name === undefined || path === undefined) return undefined;
  const dir = path.slice(0, -name.length - 1);
  return dir === DEFAULT_DIRECTORY || isSameDirectory(dir, DEFAULT_DIRECTORY) ? name : undefined;
}

function isSameDirectory(one: string, two: string): boolean {
  const [first, second] = [statx(libc(), one), statx(libc(), two)];
  return typeof first !== "number" && typeof second !== "number" &&
    first.inode === second.inode && first.dev === second.dev;
}

/** Runs a function while no other process changes the directory, which must exist. */
export function withLockedDirectory<T>(dir: string, action: string, run: () => T): T {
  const { close, flock, open } = libc();
  const opened = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  const fd = unwrap(opened, { action, syscall: "open", path: dir });
  try {
    let result = 0;
    const locked = retry(LOCK_TIMEOUT, () => {
      result = flock(fd, LOCK_EX | LOCK_NB);
      return result < 0 && errnoName(result) === "EAGAIN" ? undefined : true;
    });
    const hint = locked ? undefined : `another process holds the lock of ${dir}: see lslocks(8)`;
    unwrap(result, { action, syscall: "flock", path: dir, hint });
    return run();
  } finally {
    close(fd);
  }
}

/**
 * The same for a function that mounts: makes the directory if needed, and lets its mounts be seen in
 * other mount namespaces.
 */
export function withSharedDirectory<T>(dir: string, action: string, run: () => T): T {
  makeDirectory(dir, action);
  return withLockedDirectory(dir, action, () => {
    shareMounts(dir, action);
    return run();
  });
}

/** As `mkdir -p`. */
function makeDirectory(dir: string, action: string): void {
  const result = libc().mkdir(dir, 0o755);
  if (result >= 0) return;
  const code = errnoName(result);
  if (code === "EEXIST") return;
  const parent = dir.replace(/\/*[^/]*\/*$/, "");
  if (code !== "ENOENT" || parent === "") {
    throw syscallError({ action, syscall: "mkdir", result, path: dir });
  }
  makeDirectory(parent, action);
  const made = libc().mkdir(dir, 0o755);
  if (made < 0 && errnoName(made) !== "EEXIST") {
    throw syscallError({ action, syscall: "mkdir", result: made, path: dir });
  }
}

/** As iproute2 does: makes a mount point of the directory only where it is none yet. */
function shareMounts(dir: string, action: string): void {
  const change = (source: string, flags: number) =>
    libc().mount(source, dir, "none", flags | MS_REC, null);
  const shared = change("", MS_SHARED);
  if (shared >= 0) return;
  const call = { action, syscall: "mount", path: dir };
  if (errnoName(shared) !== "EINVAL") throw syscallError({ ...call, result: shared });
  unwrap(change(dir, MS_BIND), call);
  // In the peer group of the parent each name would be mounted a second time, below this mount.
  unwrap(change("", MS_PRIVATE), call);
  unwrap(change("", MS_SHARED), call);
}
