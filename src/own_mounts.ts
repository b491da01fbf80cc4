/**
 * What a program inside sees of the file system: the namespace's /sys, and its own files in /etc.
 *
 * @module
 */

import {
  CLONE_NEWNS,
  MS_BIND,
  MS_RDONLY,
  MS_REC,
  MS_SLAVE,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
} from "../ffi/constants.ts";
import { readDirectory } from "../ffi/files.ts";
import { errnoName, type NetNSError, syscallError } from "./errors.ts";
import { libc } from "./libc.ts";
import { nameInEtc } from "./named_directory.ts";
import type { Namespace } from "./namespace.ts";

/** Where control groups are found below /sys, which a new /sys does not have. */
const CGROUPS = "/sys/fs/cgroup";

/**
 * Gives the calling thread, which is inside, a mount namespace of its own. Mounts of the host go on
 * to appear in it; those made in it stay there.
 */
export function mountOwnNamespace(
  namespace: Namespace,
  onWarning: (warning: NetNSError) => void,
): void {
  const result = libc().unshare(CLONE_NEWNS);
  if (result < 0) throw mountError(namespace, "unshare", result);
  mount(namespace, "", "/", "none", MS_SLAVE | MS_REC);
  mountSys(namespace);
  const name = nameInEtc(namespace);
  if (name !== undefined) bindOwnFiles(name, onWarning);
}

/** /sys/class/net is that of whoever mounts /sys. */
function mountSys(namespace: Namespace): void {
  const cgroups = libc().open(CGROUPS, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  try {
    // The old one stays below, as nothing can be bound from what is unmounted. A container's /sys
    // may be read-only, and may not be mounted otherwise.
    const mounted = libc().mount(namespace.name ?? "none", "/sys", "sysfs", 0, null);
    if (errnoName(mounted) === "EBUSY") return; // It is the namespace's already.
    if (mounted < 0) mount(namespace, namespace.name ?? "none", "/sys", "sysfs", MS_RDONLY);
    if (cgroups >= 0) {
      libc().mount(`/proc/thread-self/fd/${cgroups}`, CGROUPS, "none", MS_BIND | MS_REC, null);
    }
  } finally {
    if (cgroups >= 0) libc().close(cgroups);
  }
}

/** Binds what is in /etc/netns/NAME over the files of the same names in /etc. */
function bindOwnFiles(name: string, onWarning: (warning: NetNSError) => void): void {
  const directory = `/etc/netns/${name}`;
  const names = readDirectory(libc(), directory);
  if (typeof names === "number") {
    if (errnoName(names) === "ENOENT") return;
    const action = `Cannot list ${directory}`;
    return onWarning(syscallError({ action, syscall: "open", result: names, path: directory }));
  }
  for (const file of names) {
    const [source, path] = [`${directory}/${file}`, `/etc/${file}`];
    const result = libc().mount(source, path, "none", MS_BIND, null);
    if (result >= 0) continue;
    const action = `Cannot mount ${source} over ${path}`;
    onWarning(
      syscallError({ action, syscall: "mount", result, path, hint: hints[errnoName(result)] }),
    );
  }
}

/** What is wrong with a file, by the code of mount(2). */
const hints: Readonly<Record<string, string>> = {
  ENOENT: "both must be there, and where one is a symbolic link, what it leads to",
  ENOTDIR: "both must be files, or both directories",
  EISDIR: "both must be files, or both directories",
};

function mount(
  namespace: Namespace,
  source: string,
  target: string,
  type: string,
  flags: number,
): void {
  const result = libc().mount(source, target, type, flags, null);
  if (result < 0) throw mountError(namespace, "mount", result, target);
}

function mountError(
  namespace: Namespace,
  syscall: string,
  result: number,
  path?: string,
): NetNSError {
  return syscallError({
    action: `Cannot mount what a program in ${namespace.label} shall see`,
    syscall,
    result,
    path,
  });
}
