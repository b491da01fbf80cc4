/**
 * Replaces this process by a program that runs inside a namespace, as `ip netns exec` does.
 *
 * @module
 */

import { process } from "../ffi/builtin.ts";
import {
  CLONE_FS,
  CLONE_NEWNS,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
} from "../ffi/constants.ts";
import { readText } from "../ffi/files.ts";
import { checkBoolean, checkOptions, wrongType } from "./check.ts";
import { errnoName, NetNSError, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { mountOwnNamespace } from "./own_mounts.ts";
import { inside } from "./position.ts";
import { checkCommand } from "./spawn.ts";

/** How `ns.execvp()` starts the program. */
export interface ExecvpOptions {
  /**
   * The whole environment of the program.
   *
   * @default {process.env}
   */
  env?: Record<string, string | undefined> | undefined;
  /**
   * Whether the program gets a mount namespace of its own, with the namespace's /sys, and the files
   * of /etc/netns/NAME over those in /etc.
   *
   * @default {true}
   */
  mount?: boolean | undefined;
}

const SIG_DFL = 0;
const SIG_IGN = 1;
const SIGPIPE = 13;
const SIGXFSZ = 25;

/** Replaces the process; returns only by an error. */
export function execvpInside(
  namespace: Namespace,
  command: string,
  args: readonly string[] = [],
  options: ExecvpOptions = {},
): never {
  checkCommand(command, args);
  checkOptions("options", options, ["env", "mount"]);
  checkBoolean("options.mount", options.mount);
  const environment = checkEnvironment(options.env ?? process.env);
  const result = inside(namespace, () => {
    const restore: (() => void)[] = [];
    try {
      if (options.mount !== false) {
        restore.push(keepMounts());
        mountOwnNamespace(namespace);
      }
      restore.push(resetSignals(), resetStandardStreams());
      return execute(command, [command, ...args], environment);
    } finally {
      // Whoever is still here has failed, and must find all as it was.
      for (const undo of restore.reverse()) undo();
    }
  });
  throw failure(command, result);
}

function checkEnvironment(env: unknown): string[] {
  if (typeof env !== "object" || env === null) throw wrongType("options.env", "an object", env);
  return Object.entries(env).filter(([, value]) => value !== undefined).map(([name, value]) => {
    if (typeof value !== "string" || /\0/.test(name + value)) {
      throw wrongType(`options.env.${name}`, "a string without NUL", value);
    }
    return `${name}=${value}`;
  });
}

/** Returns what brings the thread back to its mounts, and to its directory among them. */
function keepMounts(): () => void {
  const mounts = open("/proc/thread-self/ns/mnt", O_RDONLY);
  let directory: number;
  try {
    directory = open(".", O_PATH | O_DIRECTORY);
  } catch (error) {
    libc().close(mounts);
    throw error;
  }
  return () => {
    // A thread that the runtime has started meanwhile shares what must be ours alone for setns(2).
    libc().unshare(CLONE_FS);
    const entered = libc().setns(mounts, CLONE_NEWNS);
    const moved = libc().fchdir(directory);
    libc().close(mounts);
    libc().close(directory);
    if (entered >= 0 && moved >= 0) return;
    throw new NetNSError("Cannot return to the mount namespace of this process", {
      code: "ERR_NETNS_RESTORE_FAILED",
      syscall: entered < 0 ? "setns" : "fchdir",
      errno: entered < 0 ? entered : moved,
    });
  };
}

function open(path: string, flags: number): number {
  return unwrap(libc().open(path, flags | O_CLOEXEC, 0), {
    action: "Cannot open the mount namespace of this thread",
    syscall: "open",
    path,
  });
}

/** Signals that runtimes ignore, which a program does not expect to inherit. Returns the way back. */
function resetSignals(): () => void {
  const status = readText(libc(), "/proc/thread-self/status");
  const set = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(String(status))?.[1] ?? "0"}`);
  const ignored = [SIGPIPE, SIGXFSZ].filter((signum) => set >> BigInt(signum - 1) & 1n);
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

/** As execvp(3): a command without a slash is looked for in the directories of PATH. */
function execute(command: string, argv: readonly string[], environment: string[]): number {
  if (command.includes("/")) return libc().execve(command, argv, environment);
  const path = environment.find((entry) => entry.startsWith("PATH="))?.slice(5) ??
    "/usr/local/bin:/usr/bin:/bin";
  let worst: number | undefined;
  let result = 0;
  for (const directory of path.split(":")) {
    result = libc().execve(`${directory || "."}/${command}`, argv, environment);
    const code = errnoName(result);
    if (code === "EACCES") worst = result;
    else if (!["ENOENT", "ENOTDIR"].includes(code)) return result;
  }
  return worst ?? result;
}

/** What helps, by the code of execve(2). */
const hints: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program, nor the interpreter that it names",
  EACCES: "it is no program, or one that this user may not execute",
  ENOEXEC: "it is no program of this machine: a script begins with #! and its interpreter",
  E2BIG: "arguments and environment are too long",
};

function failure(command: string, result: number): NetNSError {
  const action = `Cannot execute "${command}"`;
  return syscallError({ action, syscall: "execve", result, hint: hints[errnoName(result)] });
}
