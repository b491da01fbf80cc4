/**
 * Replaces this process by a program that runs inside a namespace, as `ip netns exec` does.
 *
 * @module
 */

import process from "node:process";
import {
  CLONE_NEWNS,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
} from "../ffi/constants.ts";
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
    const oldMounts = options.mount === false ? undefined : openMountNamespace();
    try {
      if (oldMounts !== undefined) mountOwnNamespace(namespace);
      restoreDefaults();
      return execute(command, [command, ...args], environment);
    } finally {
      // Whoever is still here has failed, and must find the mounts as they were.
      if (oldMounts !== undefined) restoreMounts(oldMounts);
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

function openMountNamespace(): number {
  const path = "/proc/thread-self/ns/mnt";
  return unwrap(libc().open(path, O_RDONLY | O_CLOEXEC, 0), {
    action: "Cannot open the mount namespace of this thread",
    syscall: "open",
    path,
  });
}

function restoreMounts(fd: number): void {
  const result = libc().setns(fd, CLONE_NEWNS);
  libc().close(fd);
  if (result >= 0) return;
  throw new NetNSError("Cannot return to the mount namespace of this process", {
    code: "ERR_NETNS_RESTORE_FAILED",
    syscall: "setns",
    errno: result,
  });
}

/** Undoes what runtimes set for themselves, and a program does not expect to inherit. */
function restoreDefaults(): void {
  for (const signum of [SIGPIPE, SIGXFSZ]) libc().signal(signum, null);
  for (const fd of [0, 1, 2]) {
    libc().fcntl(fd, F_SETFD, 0);
    const flags = libc().fcntl(fd, F_GETFL, 0);
    if (flags >= 0 && flags & O_NONBLOCK) libc().fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
  }
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
