/**
 * Capabilities, user namespaces, limits.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { O_CLOEXEC, O_WRONLY } from "../../../ffi/constants.ts";
import { readText } from "../../../ffi/files.ts";
import { errnoName } from "../../errors.ts";
import { libc } from "../../libc.ts";
import type { Finding } from "./examine.ts";

/** Numbers of linux/capability.h. */
const needed = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21 } as const;

const uses: Readonly<Record<keyof typeof needed, string>> = {
  CAP_NET_ADMIN: "to configure links",
  CAP_SYS_ADMIN: "to create and enter namespaces",
};

/** Looks at what the process may do. */
export function examinePrivileges(): Finding[] {
  return [...capabilities(), userNamespace(), ...limits(), sysctl()];
}

function capabilities(): Finding[] {
  const status = read("/proc/self/status") ?? "";
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return Object.entries(needed).map(([name, bit]) => {
    const use = uses[name as keyof typeof needed];
    if (effective >> BigInt(bit) & 1n) return { state: "ok", what: `${name}, ${use}` };
    return {
      state: "warning",
      what: `the process has no ${name}, ${use}`,
      remedy: "run as root, or under `netns rootless --`; in Docker add " +
        `--cap-add ${name.slice(4)}`,
    };
  });
}

function userNamespace(): Finding {
  const [, , , count] = /^\s*(\d+)\s+(\d+)\s+(\d+)/.exec(read("/proc/self/uid_map") ?? "") ?? [];
  if (count === "4294967295") return ownUserNamespaces();
  return {
    state: "ok",
    what:
      "the process is in a user namespace: it may do as root what concerns namespaces of its own",
  };
}

/** Whether an ordinary user may make user namespaces, as `netns rootless` does. */
function ownUserNamespaces(): Finding {
  const refusals: readonly (readonly [file: string, refusing: string, remedy: string])[] = [
    ["/proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=15000"],
    [
      "/proc/sys/kernel/unprivileged_userns_clone",
      "0",
      "sysctl -w kernel.unprivileged_userns_clone=1",
    ],
    [
      "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
      "1",
      "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for unshare",
    ],
  ];
  for (const [file, refusing, remedy] of refusals) {
    if (read(file)?.trim() !== refusing) continue;
    return {
      state: "warning",
      what: `\`netns rootless\` does not work for ordinary users: ${file} is ${refusing}`,
      remedy,
    };
  }
  return tryRootless();
}

/** A filter of system calls, or a security module, is only seen by doing it. */
function tryRootless(): Finding {
  const args = ["--user", "--map-root-user", "--mount", "--net", "--", "true"];
  const { status, stderr, error } = spawnSync("unshare", args, { encoding: "utf8" });
  if (status === 0) {
    return { state: "ok", what: "`netns rootless` works: user namespaces are there" };
  }
  const problem = error === undefined ? stderr.trim() : error.message;
  const missing = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
  return {
    state: "warning",
    what: `\`netns rootless\` does not work: ${problem}`,
    remedy: missing
      ? "install util-linux, which has unshare(1)"
      : "in a container, its seccomp profile must permit unshare(2) of user namespaces",
  };
}

function limits(): Finding[] {
  const limit = Number(read("/proc/sys/user/max_net_namespaces") ?? "1");
  return limit > 0 ? [] : [{
    state: "failed",
    what: "no network namespace may be created: user.max_net_namespaces is 0",
    remedy: "sysctl -w user.max_net_namespaces=15000",
  }];
}

/** Where this network namespace keeps a parameter, which each has of its own. */
const PARAMETER = "/proc/sys/net/ipv4/conf/lo/forwarding";

function sysctl(): Finding {
  const fd = libc().open(PARAMETER, O_WRONLY | O_CLOEXEC, 0);
  if (fd >= 0) {
    libc().close(fd);
    return { state: "ok", what: "kernel parameters of namespaces can be written (ns.sysctl)" };
  }
  const code = errnoName(fd);
  const what = `kernel parameters of namespaces cannot be written (ns.sysctl): ${code}`;
  const remedy = code === "EROFS"
    ? "/proc/sys is read-only, as containers have it: mount it writable there"
    : "they are root's: run as root, or under `netns rootless --`";
  return { state: "warning", what, remedy };
}

function read(path: string): string | undefined {
  const text = readText(libc(), path);
  return typeof text === "number" ? undefined : text;
}
