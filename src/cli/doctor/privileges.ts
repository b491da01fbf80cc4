/**
 * Capabilities, user namespaces, kernel parameters.
 *
 * @module
 */

import { O_CLOEXEC, O_WRONLY } from "../../../ffi/constants.ts";
import { errnoName } from "../../errors.ts";
import { libc } from "../../libc.ts";
import { isFirstUserNamespace } from "../../user_namespace.ts";
import type { Finding } from "./examine.ts";
import { statusField } from "./files.ts";
import { examineLimits } from "./limits.ts";
import { examineRootless } from "./user_namespaces.ts";

/** Numbers of linux/capability.h. */
const numbers = {
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_ADMIN: 12,
  CAP_SYS_ADMIN: 21,
} as const;

/** What a capability is for, and what cannot be done without it. */
const needed: readonly (readonly [name: keyof typeof numbers, use: string, lack: string])[] = [
  [
    "CAP_SYS_ADMIN",
    "to create, enter and name namespaces",
    "namespaces can be found and looked at, but none be created, entered or named",
  ],
  [
    "CAP_NET_ADMIN",
    "to configure namespaces",
    "in no namespace can lo be brought up, or links, addresses, routes and ids be set",
  ],
];

/** Looks at what the process may do. */
export function examinePrivileges(): Finding[] {
  return [...capabilities(), userNamespace(), ...examineLimits(), sysctl()];
}

/** Whether the process has a capability, in its user namespace. */
export function has(name: keyof typeof numbers): boolean {
  const effective = BigInt(`0x${statusField("CapEff") ?? "0"}`);
  return (effective >> BigInt(numbers[name]) & 1n) === 1n;
}

function capabilities(): Finding[] {
  return needed.map(([name, use, lack]) =>
    has(name) ? { state: "ok", what: `${name}, ${use}` } : {
      state: "warning",
      what: `the process has no ${name}: ${lack}`,
      remedy: "run as root, or under `netns rootless --`; in Docker add " +
        `--cap-add ${name.slice(4)}`,
    }
  );
}

function userNamespace(): Finding {
  if (isFirstUserNamespace()) return examineRootless(has("CAP_SETUID") && has("CAP_SETGID"));
  return {
    state: "ok",
    what:
      "the process is in a user namespace: it may do as root what concerns namespaces of its own",
  };
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
