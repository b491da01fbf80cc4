/**
 * Opening network namespaces that exist: by path, process, thread, socket or descriptor.
 *
 * @module
 */

import {
  F_DUPFD_CLOEXEC,
  O_CLOEXEC,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDONLY,
  PIDFD_GET_NET_NAMESPACE,
  SIOCGSKNS,
} from "../ffi/constants.ts";
import { pidfdOpen } from "../ffi/system_calls.ts";
import { checkInteger, checkPath } from "./check.ts";
import { errnoName, isNetNSError, NetNSError, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { Namespace, requireNetworkNamespace } from "./namespace.ts";

/** Opening blocks on no FIFO, and makes no terminal the controlling one. */
const openFlags: number = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

/** Opens the namespace that a file names. `name` is how else it is called. */
export function openPath(path: string, name?: string): Namespace {
  return new Namespace(openFile(path, name === undefined ? "file" : "name"), { name, path });
}

/** Throws unless a path is that of a network namespace. */
export function assertNetNS(path: string): void {
  libc().close(openFile(path, "file"));
}

/**
 * Whether a path is that of a network namespace. Throws where that cannot be told, as when the
 * process may not look.
 */
export function isNetNS(path: string): boolean {
  try {
    assertNetNS(path);
    return true;
  } catch (error) {
    if (isNetNSError(error) && negative.has(error.code)) return false;
    throw error;
  }
}

const negative: ReadonlySet<string> = new Set([
  "ERR_NETNS_NOT_FOUND",
  "ERR_NETNS_NOT_A_NAMESPACE",
  "ERR_NETNS_WRONG_KIND",
]);

/** Opens the namespace of the main thread of a process. */
export function openPid(pid: number): Namespace {
  checkInteger("pid", pid, 1);
  const action = `Cannot open the network namespace of process ${pid}`;
  let fd = openByPidfd(pid);
  // One walk of a path stays with one process: this way is only worse where /proc is not mounted.
  if (fd < 0 && unknownToKernel.has(errnoName(fd))) {
    fd = libc().open(`/proc/${pid}/ns/net`, openFlags, 0);
  }
  return openTask(fd, action, "there is no such process");
}

/** What pidfd calls fail with in older kernels, and under older filters of system calls. */
const unknownToKernel: ReadonlySet<string> = new Set(["ENOSYS", "ENOTTY", "EINVAL", "EPERM"]);

function openByPidfd(pid: number): number {
  const { close, ioctl } = libc();
  const pidfd = pidfdOpen(libc(), pid);
  if (pidfd < 0) return pidfd;
  try {
    return ioctl(pidfd, PIDFD_GET_NET_NAMESPACE, null);
  } finally {
    close(pidfd);
  }
}

/** Opens the namespace of one thread of a process. */
export function openThread(pid: number, tid: number): Namespace {
  checkInteger("pid", pid, 1);
  checkInteger("tid", tid, 1);
  const action = `Cannot open the network namespace of thread ${tid} of process ${pid}`;
  // A pidfd does not tell whose thread it is; this path exists only for a thread of the process.
  const fd = libc().open(`/proc/${pid}/task/${tid}/ns/net`, openFlags, 0);
  return openTask(fd, action, "there is no such thread");
}

/** Opens the namespace that a socket belongs to. */
export function openSocket(fd: number): Namespace {
  checkInteger("fd", fd, 0);
  const action = `Cannot open the network namespace of socket ${fd}`;
  const result = libc().ioctl(fd, SIOCGSKNS, null);
  if (result < 0) {
    throw syscallError({ action, syscall: "ioctl", result, hint: socketHint(result) });
  }
  return new Namespace(requireNetworkNamespace(result, action));
}

function socketHint(result: number): string | undefined {
  switch (errnoName(result)) {
    case "EPERM":
      return "CAP_NET_ADMIN is needed in the namespace of the socket";
    case "ENOTTY":
      return "the descriptor is not that of a socket";
    default:
      return undefined;
  }
}

/** Opens the namespace that a descriptor is of, which stays the caller's. */
export function openFd(fd: number): Namespace {
  checkInteger("fd", fd, 0);
  const action = `Cannot open the network namespace of descriptor ${fd}`;
  const own = unwrap(libc().fcntl(fd, F_DUPFD_CLOEXEC, 3), { action, syscall: "fcntl" });
  return new Namespace(requireNetworkNamespace(own, action));
}

function openFile(path: string, kind: "file" | "name"): number {
  checkPath("path", path);
  const action = `Cannot open network namespace "${path}"`;
  const fd = libc().open(path, openFlags, 0);
  if (fd >= 0) return requireNetworkNamespace(fd, action, path);
  switch (errnoName(fd)) {
    case "ENOENT":
    case "ENOTDIR":
      throw notFound({ action, syscall: "open", result: fd, path }, `there is no such ${kind}`);
    case "ENXIO":
      throw new NetNSError(`${action}: it exists but is not a namespace`, {
        code: "ERR_NETNS_NOT_A_NAMESPACE",
        path,
      });
    default:
      throw syscallError({ action, syscall: "open", result: fd, path });
  }
}

function openTask(fd: number, action: string, absent: string): Namespace {
  if (fd >= 0) return new Namespace(requireNetworkNamespace(fd, action));
  const call = { action, syscall: "open", result: fd };
  const code = errnoName(fd);
  if (code === "ESRCH" || code === "ENOENT") throw notFound(call, absent);
  if (code !== "EACCES") throw syscallError(call);
  throw syscallError({
    ...call,
    hint: "looking into another process needs its user and its capabilities, or CAP_SYS_PTRACE: " +
      "see PTRACE_MODE_READ_FSCREDS in ptrace(2)",
  });
}

function notFound(
  call: { action: string; syscall: string; result: number; path?: string },
  absent: string,
): NetNSError {
  return new NetNSError(`${call.action}: ${absent}`, {
    code: "ERR_NETNS_NOT_FOUND",
    syscall: call.syscall,
    errno: call.result,
    path: call.path,
  });
}
