/**
 * Runs the suite again in a user namespace where this process lacks the capability for it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";
import { AF_INET, IFF_UP, SIOCSIFFLAGS, SOCK_CLOEXEC, SOCK_DGRAM } from "../../ffi/constants.ts";
import { openLibc } from "../../ffi/mod.ts";
import { CAP_SYS_ADMIN, findCommand, hasCapability } from "../helpers/requirements.ts";

const marker = "NETNS_TEST_USER_NAMESPACE";

/** The exit code of the suite, when it ran in a user namespace; undefined to run it here. */
export function runInUserNamespace(): number | undefined {
  if (process.env[marker]) {
    bringUpLoopback();
    return undefined;
  }
  if (hasCapability(CAP_SYS_ADMIN)) return undefined;
  const problem = missing();
  if (problem !== undefined) {
    console.log(`No CAP_SYS_ADMIN, and no user namespace (${problem}): privileged tests skip`);
    return undefined;
  }
  console.log("No CAP_SYS_ADMIN: the suite runs in a user namespace (unshare -Urnm)");
  const { status } = enter([process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [marker]: "1" },
  });
  return status ?? 1;
}

function missing(): string | undefined {
  if (findCommand("unshare") === undefined) return "unshare of util-linux is not installed";
  const { status, stderr } = enter(["true"], { encoding: "utf8" });
  return status === 0 ? undefined : String(stderr).trim() || "unshare failed";
}

function enter(command: readonly string[], options: Parameters<typeof spawnSync>[2]) {
  const script = 'mount -t tmpfs tmpfs /run && exec "$@"';
  const args = ["-Urnm", "--", "sh", "-c", script, "sh", ...command];
  return spawnSync(findCommand("unshare")!, args, options);
}

/** A new network namespace has its loopback interface down; the tests' servers need it. */
function bringUpLoopback(): void {
  const libc = openLibc({ require: createRequire(import.meta.url) });
  const request = new Uint8Array(new ArrayBuffer(40));
  request.set(new TextEncoder().encode("lo"));
  new DataView(request.buffer).setUint16(16, IFF_UP, true);
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const result = libc.ioctl(fd, SIOCSIFFLAGS, request);
  libc.close(fd);
  if (result < 0) console.log("The loopback interface of the user namespace cannot be brought up");
}
