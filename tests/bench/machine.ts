/**
 * The machine that a run was made on.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import os from "node:os";
import { findRuntime, runtimeNames, versionOf } from "../runner/runtimes.ts";

/** What a run depends on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
}

const versionCommands: Readonly<Record<string, readonly [string, ...string[]]>> = {
  gcc: ["gcc", "-dumpfullversion"],
  go: ["go", "version"],
  iproute2: ["ip", "-V"],
  iperf3: ["iperf3", "--version"],
};

/** Describes this machine. */
export function describeMachine(): Machine {
  const versions: Record<string, string> = {};
  for (const name of runtimeNames) {
    const found = findRuntime(name);
    if ("program" in found) versions[name] = versionOf(found.program);
  }
  for (const [name, [file, ...args]] of Object.entries(versionCommands)) {
    const { stdout } = spawnSync(file, args, { encoding: "utf8" });
    const version = /\d+\.\d+(\.\d+)?/.exec(stdout ?? "")?.[0];
    if (version !== undefined) versions[name] = version;
  }
  const processors = os.cpus();
  return {
    processor: processors[0]?.model.trim() ?? "of unknown model",
    cores: processors.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    versions,
  };
}
