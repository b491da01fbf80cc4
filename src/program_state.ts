/**
 * What a program expects of the process that becomes it, or starts it: mounts, signals, standard
 * streams and descriptors as if there were no runtime of JavaScript.
 *
 * @module
 */

import {
  CLONE_FS,
  CLONE_NEWNS,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
} from "../ffi/constants.ts";
import { readLink, readNumbers, readText } from "../ffi/files.ts";
import { errnoName, NetNSError, PROC_HINT, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { mountOwnNamespace } from "./own_mounts.ts";
import { leaveVrf } from "./vrf.ts";

/** What of the process a program is to find. */
export interface ProgramState {
  /** Whether it has a mount namespace of its own. */
  readonly mount: boolean;
  /** How many descriptors after the standard streams it gets. */
  readonly preserveFds: number;
  /** Told what could not be done, and is not needed to start it. */
  readonly onWarning: (warning: NetNSError) => void;
}

/**
 * Runs a function where a program can be started: on the calling thread, which is inside. All is as
 * it was after it.
 */
export function withProgramState<T>(namespace: Namespace, state: ProgramState, run: () => T): T {
  const restore: (() => void)[] = [];
  try {
    restore.push(leaveVrf(state.onWarning));
    if (state.mount) {
      restore.push(keepMounts());
      mountOwnNamespace(namespace, state.onWarning);
    }
    restore.push(resetSignals());
    restore.push(resetStandardStreams());
    restore.push(passDescriptors(state.preserveFds));
    return run();
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

/** Returns what brings the thread back to its mounts, and to its directories among them. */
function keepMounts(): () => void {
  const opened: number[] = [];
  const close = () => opened.forEach((fd) => libc().close(fd));
  const open = (path: string, flags: number) => {
    const fd = unwrap(libc().open(path, flags | O_CLOEXEC, 0), {
      action: "Cannot open the mount namespace of this thread",
      syscall: "open",
      path,
    });
    opened.push(fd);
    return fd;
  };
  try {
    const mounts = open("/proc/thread-self/ns/mnt", O_RDONLY);
    const root = open("/", O_PATH | O_DIRECTORY);
    const directory = open(".", O_PATH | O_DIRECTORY);
    return () => {
      // A thread that the runtime has started meanwhile shares what must be ours alone for setns(2).
      libc().unshare(CLONE_FS);
      try {
        returning("setns", libc().setns(mounts, CLONE_NEWNS));
        // setns(2) leaves a root that chroot(2) had set.
        returning("fchdir", libc().fchdir(root));
        returning("chroot", libc().chroot("."));
        returning("fchdir", libc().fchdir(directory));
      } finally {
        close();
      }
    };
  } catch (error) {
    close();
    throw error;
  }
}

function returning(syscall: string, result: number): void {
  if (result >= 0) return;
  throw new NetNSError("Cannot return to the mount namespace of this process", {
    code: "ERR_NETNS_RESTORE_FAILED",
    syscall,
    errno: result,
    hint: "setns(2) and chroot(2) need CAP_SYS_CHROOT besides CAP_SYS_ADMIN; end the process",
  });
}

const SIG_DFL = 0;
const SIG_IGN = 1;
const SIGPIPE = 13;
const SIGXFSZ = 25;

/**
 * Signals that runtimes ignore, which a program does not expect to inherit. Others were ignored by
 * whoever started this process. Returns the way back.
 */
function resetSignals(): () => void {
  const status = readText(libc(), "/proc/thread-self/status");
  const set = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(String(status))?.[1] ?? "0"}`);
  const own = "Deno" in globalThis ? [SIGPIPE] : [SIGPIPE, SIGXFSZ];
  const ignored = own.filter((signum) => set >> BigInt(signum - 1) & 1n);
  for (const signum of ignored) libc().signal(signum, SIG_DFL);
  return () => {
    for (const signum of ignored) libc().signal(signum, SIG_IGN);
  };
}

/** A program expects its streams to be open, and to block. Returns the way back. */
function resetStandardStreams(): () => void {
  const { fcntl } = libc();
  const changes = [0, 1, 2].map((fd) => ({
    fd,
    descriptor: fcntl(fd, F_GETFD, 0),
    status: fcntl(fd, F_GETFL, 0),
  })).filter(({ status }) => status >= 0);
  for (const { fd, status } of changes) {
    fcntl(fd, F_SETFD, 0);
    fcntl(fd, F_SETFL, status & ~O_NONBLOCK);
  }
  return () => {
    for (const { fd, descriptor, status } of changes) {
      fcntl(fd, F_SETFD, descriptor);
      fcntl(fd, F_SETFL, status);
    }
  };
}

/**
 * Lets a program have so many descriptors after the standard streams, and no others. Returns the way
 * back.
 *
 * Runtimes leave some unmarked that they have inherited: Node those after a gap, Deno all. A
 * walk rather than close_range(2), which would not tell which of them were to stay open before.
 */
function passDescriptors(count: number): () => void {
  const { fcntl } = libc();
  const path = "/proc/self/fd";
  const open = readNumbers(libc(), path);
  if (typeof open === "number") {
    const action = "Cannot tell which descriptors are open";
    const hint = errnoName(open) === "ENOENT" ? PROC_HINT : undefined;
    throw syscallError({ action, syscall: "open", result: open, path, hint });
  }
  const changes = open.filter((fd) => fd > 2).flatMap((fd) => {
    const before = fcntl(fd, F_GETFD, 0);
    const wanted = fd < 3 + count ? 0 : FD_CLOEXEC;
    return before < 0 || before === wanted ? [] : [{ fd, before, wanted }];
  });
  for (const { fd, wanted } of changes) fcntl(fd, F_SETFD, wanted);
  return () => {
    for (const { fd, before } of changes) fcntl(fd, F_SETFD, before);
  };
}

/** Throws unless so many descriptors after the standard streams are there, and can be meant. */
export function requireDescriptors(count: number): void {
  for (let fd = 3; fd < 3 + count; fd++) {
    const action = `Cannot pass descriptor ${fd} on`;
    const result = libc().fcntl(fd, F_GETFD, 0);
    if (result < 0) throw syscallError({ action, syscall: "fcntl", result });
    // What a runtime opens takes the lowest free numbers, and an event loop comes first.
    if (readLink(libc(), `/proc/self/fd/${fd}`) !== "anon_inode:[eventpoll]") continue;
    throw new NetNSError(`${action}: it is that of an event loop of this runtime`, {
      code: "EBADF",
      hint: "whoever started this process did not open a descriptor of that number",
    });
  }
}
