/**
 * Virtual routing and forwarding (VRF), as `ip vrf exec` associates processes with it: by a control
 * group `.../vrf/NAME`, whose sockets are bound to the link of that name.
 *
 * @module
 */

import { O_CLOEXEC, O_WRONLY } from "../ffi/constants.ts";
import { readText } from "../ffi/files.ts";
import { type NetNSError, syscallError } from "./errors.ts";
import { libc } from "./libc.ts";
import { mounts } from "./mountinfo.ts";

/**
 * Takes this process out of the VRF that it is in: its link is not there in another network
 * namespace. Returns the way back.
 */
export function leaveVrf(onWarning: (warning: NetNSError) => void): () => void {
  const groups = readText(libc(), "/proc/thread-self/cgroup");
  const [, group, parent] = /^0::((.*?\/vrf)\/.+)$/m.exec(String(groups)) ?? [];
  if (group === undefined || parent === undefined) return () => {};
  const mount = mounts().find(({ type, root }) => type === "cgroup2" && root === "/");
  const join = (path: string) => mount === undefined ? -ENOENT : enter(`${mount.point}${path}`);
  const result = join(parent);
  if (result >= 0) return () => void join(group);
  onWarning(syscallError({
    action: `Cannot leave the VRF of control group ${group}`,
    syscall: "write",
    result,
  }));
  return () => {};
}

const ENOENT = 2;

/** Moves this process into a control group; a result below 0 is `-errno`. */
function enter(group: string): number {
  const { close, open, write } = libc();
  const fd = open(`${group}/cgroup.procs`, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  try {
    return write(fd, self, self.byteLength);
  } finally {
    close(fd);
  }
}

/** "0" is whoever writes it. */
const self: Uint8Array = new TextEncoder().encode("0");
