/**
 * What iproute2 says inside a namespace, as objects.
 *
 * @module
 */

import type { NetNS } from "../../src/netns.ts";

/** An object of iproute2. */
export type Told = Record<string, unknown>;

/** Runs a command of iproute2 inside a namespace, and reads the JSON that it prints. */
export async function told(ns: NetNS, command: string): Promise<Told[]> {
  const [program, ...args] = command.split(" ") as [string, ...string[]];
  const { stdout } = await ns.exec(program, ["-j", ...args]);
  return stdout.trim() === "" ? [] : JSON.parse(stdout) as Told[];
}

/** Runs a command of iproute2 inside a namespace. */
export async function run(ns: NetNS, command: string): Promise<void> {
  const [program, ...args] = command.split(" ") as [string, ...string[]];
  await ns.exec(program, args);
}
