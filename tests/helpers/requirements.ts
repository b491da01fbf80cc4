/**
 * What a test needs of the machine, as values for the `skip` option of `node:test`: `false`, or the
 * reason. Use these rather than a bare string: not every runtime reports the reason, so each one is
 * also written to the file that the test runner reads.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { type Runtime, runtime } from "./runtime.ts";

/** The value of a `skip` option. */
export type Skip = false | string;

/** Names the directory in which the test runner keeps the report of this process. */
export const runDirectoryVariable = "NETNS_TEST_RUN_DIRECTORY";

/** The file of that directory that takes the reasons to skip. */
export const skipLogName = "skipped";

/** Names the runtime of the suite that this process is for. */
export const runtimeVariable = "NETNS_TEST_RUNTIME";

/** Skips when a condition holds. */
export function skipIf(condition: boolean, reason: string): Skip {
  if (!condition) return false;
  const directory = process.env[runDirectoryVariable];
  if (directory) fs.appendFileSync(path.join(directory, skipLogName), reason + "\n");
  return reason;
}

/** Skips on some runtimes. */
export function skipOn(runtimes: Runtime | readonly Runtime[], reason: string): Skip {
  return skipIf([runtimes].flat().includes(runtime), reason);
}

/** Skips but on the suite's first runtime; for tests that run all of them themselves. */
export function skipButOnce(): Skip {
  const isNode = runtime.startsWith("node") && (process.env[runtimeVariable] ?? "node") === "node";
  return skipIf(!isNode, "runs once, for all runtimes");
}

/** Skips unless a command is on the PATH, or a file exists. */
export function skipWithout(need: { command: string } | { file: string }): Skip {
  if ("file" in need) return skipIf(!fs.existsSync(need.file), `${need.file} is not there`);
  return skipIf(findCommand(need.command) === undefined, `${need.command} is not installed`);
}

/** Skips unless this process has CAP_SYS_ADMIN. */
export function skipUnlessPrivileged(): Skip {
  return skipIf(!hasCapability(CAP_SYS_ADMIN), "needs CAP_SYS_ADMIN");
}

/** Skips where this process, or with a prefix another one, may not make user namespaces. */
export function skipWithoutUserNamespaces(prefix: readonly string[] = []): Skip {
  const command = [...prefix, "unshare", "--user", "--map-root-user", "--mount", "--net", "true"];
  const [program, ...args] = command as [string, ...string[]];
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  const problem = error?.message ?? stderr.trim();
  return skipIf(status !== 0, `user namespaces are not to be had: ${problem}`);
}

/** The first of several reasons to skip. */
export function skipAny(...skips: readonly Skip[]): Skip {
  return skips.find((skip) => skip !== false) ?? false;
}

/** Number of a capability in capabilities(7). */
export const CAP_SYS_ADMIN = 21;

/** Whether a capability is in the effective set of this process. */
export function hasCapability(capability: number): boolean {
  const status = fs.readFileSync("/proc/self/status", "utf8");
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return (effective >> BigInt(capability) & 1n) === 1n;
}

/** Where a command is found: on the PATH, or where administration tools usually are. */
export function findCommand(command: string): string | undefined {
  const directories = (process.env["PATH"] ?? "").split(":").filter((directory) => directory);
  return [...directories, "/usr/sbin", "/sbin"]
    .map((directory) => path.join(directory, command))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
