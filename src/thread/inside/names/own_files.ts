/**
 * Files of /etc that the namespace has of its own, as `ip netns exec` puts them in place: for what
 * reads them by itself, that is child processes, getaddrinfo(3) and c-ares.
 *
 * @module
 */

import { createRequire } from "node:module";
import {
  CLONE_NEWNS,
  MNT_DETACH,
  MS_BIND,
  MS_REC,
  MS_SLAVE,
  O_CLOEXEC,
  O_CREAT,
  O_WRONLY,
} from "../../../../ffi/constants.ts";
import type { Libc } from "../../../../ffi/libc.ts";
import { openLibc } from "../../../../ffi/mod.ts";
import { unwrap } from "../../../errors.ts";

/** A directory that every system has, and that nothing here has to look into meanwhile. */
const SCRATCH = "/dev";

/**
 * Gives the calling thread, and what it starts from now on, a mount namespace of its own with these
 * files in /etc. Mounts of the host go on to appear in it; those made in it stay there.
 */
export function mountOwnFiles(
  files: Readonly<Record<string, string>>,
  library: string | undefined,
  base: string,
): void {
  const names = Object.keys(files);
  if (names.length === 0) return;
  const libc = openLibc({ library, require: createRequire(base) });
  const action = `Cannot give the thread its own /etc/${names.join(" and /etc/")}`;
  unwrap(libc.unshare(CLONE_NEWNS), { action, syscall: "unshare" });
  const mount = (source: string, target: string, type: string, flags: number) =>
    unwrap(libc.mount(source, target, type, flags, null), {
      action,
      syscall: "mount",
      path: target,
      ...(type === "none" && source !== "" && { hint: `${target} must exist to be mounted over` }),
    });
  mount("", "/", "none", MS_REC | MS_SLAVE);
  // No other thread sees this file system, and it ends with the last mount of a file in it.
  mount("tmpfs", SCRATCH, "tmpfs", 0);
  try {
    for (const name of names) {
      writeFile(libc, `${SCRATCH}/${name}`, files[name]!, action);
      mount(`${SCRATCH}/${name}`, `/etc/${name}`, "none", MS_BIND);
    }
  } finally {
    libc.umount2(SCRATCH, MNT_DETACH);
  }
}

function writeFile(libc: Libc, path: string, text: string, action: string): void {
  const opened = libc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644);
  const fd = unwrap(opened, { action, syscall: "open", path });
  try {
    const bytes = new Uint8Array(new ArrayBuffer(Math.max(1, 3 * text.length)));
    const { written } = new TextEncoder().encodeInto(text, bytes);
    for (let start = 0; start < written;) {
      const chunk = bytes.slice(start, written);
      start += unwrap(libc.write(fd, chunk, chunk.byteLength), { action, syscall: "write", path });
    }
  } finally {
    libc.close(fd);
  }
}
