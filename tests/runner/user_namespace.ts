/**
 * Runs a program again in a user namespace where this process lacks the capability for it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { CAP_SYS_ADMIN, findCommand, hasCapability } from "../helpers/requirements.ts";
import { root } from "./runtimes.ts";

/**
 * The exit code of the program, when it ran in a user namespace; undefined to run it here.
 *
 * @param what What runs, for people: `the suite`.
 * @param consequence What is so where there is no user namespace.
 */
export function runInUserNamespace(what: string, consequence: string): number | undefined {
  if (hasCapability(CAP_SYS_ADMIN)) return undefined;
  const problem = missing();
  if (problem !== undefined) {
    console.log(`No CAP_SYS_ADMIN, and no user namespace (${problem}): ${consequence}`);
    return undefined;
  }
  console.log(`No CAP_SYS_ADMIN: ${what} runs in a user namespace (netns rootless)`);
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  return enter(program, { stdio: "inherit" }).status ?? 1;
}

function missing(): string | undefined {
  if (findCommand("unshare") === undefined) return "unshare of util-linux is not installed";
  const { status, stderr } = enter(["true"], { encoding: "utf8" });
  return status === 0 ? undefined : String(stderr).trim() || "unshare failed";
}

function enter(program: readonly string[], options: Parameters<typeof spawnSync>[2]) {
  const command = [...process.execArgv, path.join(root, "src/cli/main.ts"), "rootless", "--"];
  return spawnSync(process.execPath, [...command, ...program], options);
}
