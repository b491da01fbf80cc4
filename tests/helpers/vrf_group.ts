/**
 * A control group as `ip vrf exec` makes them.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import { type Skip, skipIf } from "./requirements.ts";

/** Where control groups of version 2 are. */
const mountPoint = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n")
  .map((line) => / \/ (\S+) .* - cgroup2 /.exec(line)?.[1]).find((point) => point !== undefined);

/** Skips where no control group can be made. */
export function skipWithoutControlGroups(): Skip {
  const writable = mountPoint !== undefined && isWritable(mountPoint);
  return skipIf(!writable, "there are no control groups of version 2 to write to");
}

function isWritable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the group of a VRF for the time of a function, which gets its name and the file that a
 * process joins it by.
 */
export async function withVrfGroup(
  run: (group: string, file: string) => Promise<void>,
): Promise<void> {
  const top = `/netns-test-${process.pid}-${++made}`;
  const group = `${top}/vrf/red`;
  fs.mkdirSync(mountPoint + group, { recursive: true });
  try {
    await run(group, `${mountPoint}${group}/cgroup.procs`);
  } finally {
    for (const path of [group, `${top}/vrf`, top]) await removeGroup(mountPoint + path);
  }
}

/** A process that has ended may be in its group for a moment longer. */
async function removeGroup(path: string): Promise<void> {
  for (let left = 500;; left--) {
    try {
      return fs.rmdirSync(path);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

let made = 0;
