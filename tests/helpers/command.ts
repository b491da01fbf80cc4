/**
 * The command `netns` and its neighbours, run where /run is nobody else's.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { leakChecked } from "./leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "./requirements.ts";
import { timeLimit } from "./time_limit.ts";
import { commandVariable } from "../runner/command_variable.ts";
import {
  executable,
  type Outcome,
  runCommand,
  type RunOptions,
  runtime,
  scriptArguments,
  typescriptFlags,
} from "./runtime.ts";

/** The command: built by a run of the suite, else its sources. */
export const commandFile: string = process.env[commandVariable] ??
  fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The command line of `netns` under the runtime of this process. */
export function commandLine(...args: readonly string[]): [program: string, ...args: string[]] {
  return [executable, ...scriptArguments(commandFile, { ...flagsFor(args), args })];
}

/** What `netns run` starts is TypeScript, by the flags of the runtime that it runs on. */
function flagsFor([command]: readonly string[]): { flags?: readonly string[] } {
  return command === "run" && runtime !== "deno" ? { flags: typescriptFlags() } : {};
}

/** Runs `netns` under the runtime of this process. */
export function netns(
  args: readonly string[],
  { prefix = [], flags, ...options }: Omit<RunOptions, "args"> = {},
): Promise<Outcome> {
  const command = flags === undefined
    ? commandLine(...args)
    : [executable, ...scriptArguments(commandFile, { flags, args })];
  return runCommand([...prefix, ...command], options);
}

/** The command line of `netns`, for a shell. */
export function shellCommand(...args: readonly string[]): string {
  return commandLine(...args).map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** Where commands run: a mount namespace with an empty /run, or wherever a prefix leads. */
export class Place {
  readonly prefix: readonly string[];

  constructor(prefix: readonly string[]) {
    this.prefix = prefix;
  }

  /** Runs `netns` there. */
  netns(...args: string[]): Promise<Outcome> {
    return netns(args, { prefix: this.prefix });
  }

  /** Runs `netns` there, which must succeed; what it prints. */
  async succeed(...args: string[]): Promise<string> {
    return succeeded(await this.netns(...args), `netns ${args.join(" ")}`);
  }

  /** Runs another command there. */
  run(...command: string[]): Promise<Outcome> {
    return runCommand([...this.prefix, ...command]);
  }

  /** Runs another command there, which must succeed; what it prints. */
  async check(...command: string[]): Promise<string> {
    return succeeded(await this.run(...command), command.join(" "));
  }
}

function succeeded({ stdout, stderr, exitCode }: Outcome, command: string): string {
  assert.deepEqual([stderr, exitCode], ["", 0], `${command}\n${stdout}`);
  return stdout;
}

/** Gives a function a mount namespace with an empty /run, which goes away after it. */
export async function withOwnRun<T>(run: (place: Place) => Promise<T>): Promise<T> {
  const script = "mount -t tmpfs tmpfs /run && echo ready && exec cat";
  const args = ["--mount", "--propagation", "private", "sh", "-c", script];
  const keeper = spawn("unshare", args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    await once(keeper.stdout, "data");
    return await run(new Place(["nsenter", "--mount", "--target", String(keeper.pid), "--"]));
  } finally {
    const exited = once(keeper, "exit");
    keeper.stdin.end();
    await exited;
  }
}

/**
 * Asks who is in a namespace, and again while the answer is not what is expected: commands of other
 * tests that list or draw all namespaces of the machine are in each of them for a moment.
 */
export async function withoutPassersBy<T>(
  ask: () => Promise<T>,
  isExpected: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + timeLimit(10_000);
  let answer = await ask();
  while (!isExpected(answer) && performance.now() < end) answer = await ask();
  return answer;
}

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "ip" }),
  skipWithout({ command: "nsenter" }),
);

/** A test of `netns` beside `ip netns`, where /run is nobody else's. */
export function testInOwnRun(name: string, run: (place: Place) => Promise<void>): void {
  leakChecked(name, { skip, timeout: 120_000 }, () => withOwnRun(run));
}
