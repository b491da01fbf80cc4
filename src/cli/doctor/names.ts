/**
 * The directory of the names.
 *
 * @module
 */

import {
  AT_SYMLINK_NOFOLLOW,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
  O_RDWR,
  S_IFDIR,
  S_IFMT,
} from "../../../ffi/constants.ts";
import { readLink } from "../../../ffi/files.ts";
import { statx } from "../../../ffi/system_calls.ts";
import { isNetNSError, NetNS } from "../../../mod.ts";
import { errnoName } from "../../errors.ts";
import { libc } from "../../libc.ts";
import { mountOf } from "../../mountinfo.ts";
import type { Finding } from "./examine.ts";

/** Looks at the directory of the names, and for names that nobody needs. */
export function examineNames(dir: string): Finding[] {
  const status = statx(libc(), dir);
  if (typeof status === "number") {
    const code = errnoName(status);
    if (code !== "ENOENT") return [unusable(dir, code)];
    if (typeof statx(libc(), dir, AT_SYMLINK_NOFOLLOW) !== "number") {
      return [unusable(dir, "it is a symbolic link to what is not there")];
    }
    const refusal = refusalToWrite(nearest(dir));
    return [
      refusal === undefined
        ? { state: "ok", what: `${dir} is made with the first name` }
        : unusable(dir, refusal),
    ];
  }
  if ((status.mode & S_IFMT) !== S_IFDIR) return [unusable(dir, "it is no directory")];
  const refusal = refusalToWrite(dir);
  return [
    isShared(dir),
    ...(refusal === undefined ? [] : [unusable(dir, refusal)]),
    ...stale(dir),
  ];
}

/** What helps against a reason for which no name can be made. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: "run as root, under `netns rootless --`, or with a directory of your own: --dir",
  EROFS: "the file system is read-only: mount it writable, or take another directory: --dir",
  ENOSPC: "the file system is full, of files or of inodes: df, df -i",
  EDQUOT: "the quota of the user is used up: quota(1)",
};

function unusable(dir: string, reason: string): Finding {
  return {
    state: reason === "EACCES" ? "warning" : "failed",
    what: `no name can be made in ${dir}: ${reason}`,
    remedy: remedies[reason] ?? `make it a directory, or take another one: --dir`,
  };
}

/** An unnamed file in a directory: nobody sees it. See open(2). */
const O_TMPFILE = 0o20000000 | O_DIRECTORY;

/** Why no file can be made in a directory; undefined also where that cannot be told. */
function refusalToWrite(dir: string): string | undefined {
  const fd = libc().open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0o600);
  if (fd < 0) return errnoName(fd) in remedies ? errnoName(fd) : undefined;
  libc().close(fd);
  return undefined;
}

/** The directory above that is there. */
function nearest(dir: string): string {
  const parent = dir.replace(/\/*[^/]*\/*$/, "") || (dir.startsWith("/") ? "/" : ".");
  return typeof statx(libc(), parent) === "number" && parent !== "." ? nearest(parent) : parent;
}

function isShared(dir: string): Finding {
  const fd = libc().open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) return unusable(dir, errnoName(fd));
  try {
    const mount = mountOf(fd);
    if (mount?.point !== readLink(libc(), `/proc/thread-self/fd/${fd}`)) {
      return { state: "ok", what: `${dir} is no mount yet; the first name makes it one` };
    }
    return mount.seesOthers
      ? { state: "ok", what: `${dir} is a shared mount: names are seen everywhere` }
      : {
        state: "warning",
        what: `${dir} is a private mount: names that are made elsewhere are not seen here`,
        remedy: "in a container, mount it with rslave; under `unshare -m` this is as it should be",
      };
  } finally {
    libc().close(fd);
  }
}

function stale(dir: string): Finding[] {
  try {
    const found = NetNS.prune({ dir, dryRun: true });
    return found.length === 0 ? [] : [{
      state: "warning",
      what: `names that nobody needs: ${found.map(({ name }) => name).join(" ")}`,
      remedy: "netns prune",
    }];
  } catch (error) {
    if (!isNetNSError(error)) throw error;
    return [{ state: "warning", what: error.message, remedy: error.hint }];
  }
}
