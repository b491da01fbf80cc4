/**
 * Whether user namespaces are to be had, as `netns rootless` needs them.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Finding } from "./examine.ts";
import { readFile, statusField } from "./files.ts";
import { limitOf, limits, raise } from "./limits.ts";

/** Puts a command into user, mount and network namespaces of its own. */
export const unshare: readonly string[] = [
  "unshare",
  "--user",
  "--map-root-user",
  "--mount",
  "--net",
  "--",
];

/** What root puts before a command to see what an ordinary user (nobody) may. */
const asOrdinaryUser: readonly string[] = [
  "setpriv",
  "--reuid=65534",
  "--regid=65534",
  "--clear-groups",
  "--",
];

/** Why something does not work, and what helps. */
export interface Refusal {
  readonly what: string;
  readonly remedy: string;
}

/** Tells whether `netns rootless` works, for ordinary users where this one may become one. */
export function examineRootless(mayChangeUser: boolean): Finding {
  const prefix = mayChangeUser ? asOrdinaryUser : [];
  const who = mayChangeUser ? " for ordinary users" : "";
  const refusal = tryUserNamespaces(prefix);
  if (refusal === undefined) {
    return { state: "ok", what: `\`netns rootless\` works${who}: user namespaces are there` };
  }
  const { what, remedy } = refusal;
  return { state: "warning", what: `\`netns rootless\` does not work${who}: ${what}`, remedy };
}

/**
 * Why no user namespaces can be made. It is tried, as a filter of system calls or a security module
 * is only seen so.
 */
export function tryUserNamespaces(prefix: readonly string[] = []): Refusal | undefined {
  const [program, ...args] = [...prefix, ...unshare, "true"];
  const env = { ...process.env, LC_ALL: "C" };
  const { status, stderr, error } = spawnSync(program!, args, { encoding: "utf8", env });
  if (status === 0) return undefined;
  if (error !== undefined) {
    const what = `${program} cannot be run: ${error.message}`;
    return { what, remedy: `install util-linux, which has ${program}(1)` };
  }
  const [message = ""] = stderr.trim().split("\n");
  const { what, remedy } = reason(message);
  return { what: `${message}: ${what}`, remedy };
}

/** Parameters of the kernel that refuse, with the remedy. */
const parameters: readonly (readonly [name: string, refusing: string, remedy: string])[] = [
  [
    "kernel.unprivileged_userns_clone",
    "0",
    "sysctl -w kernel.unprivileged_userns_clone=1",
  ],
  [
    "kernel.apparmor_restrict_unprivileged_userns",
    "1",
    "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for unshare",
  ],
];

function reason(message: string): Refusal {
  const none = limits.find((name) => limitOf(name) === 0);
  if (none !== undefined) return { what: `${none} is 0`, remedy: raise(none) };
  if (/No space left/.test(message)) {
    return {
      what: "a limit is reached, of namespaces or of user namespaces in each other",
      remedy: `see namespaces(7); ${raise("user.max_user_namespaces")}`,
    };
  }
  for (const [name, refusing, remedy] of parameters) {
    if (readFile(`/proc/sys/${name.replace(".", "/")}`)?.trim() !== refusing) continue;
    return { what: `${name} is ${refusing}`, remedy };
  }
  if (/No such file|not found/.test(message)) {
    return { what: "a program is missing", remedy: "install util-linux, which has unshare(1)" };
  }
  return statusField("Seccomp") === "2"
    ? {
      what: "a filter of system calls (seccomp) is on, as containers have it",
      remedy: "its profile must permit unshare(2) of user namespaces; in Docker add " +
        "--security-opt seccomp=unconfined",
    }
    : {
      what: "the kernel or a security module refuses",
      remedy: "see what the kernel says: dmesg",
    };
}
