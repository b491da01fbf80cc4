/**
 * Processes that become a program in a namespace.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Described, Failure, Order } from "../fixtures/execvp.ts";
import { type RunOptions, runScript } from "./runtime.ts";

/** The program that {@linkcode become} runs. */
export const fixture: URL = new URL("../fixtures/execvp.ts", import.meta.url);

/** What a process was, and the lines that the program printed which it became. */
export interface Became {
  before: Described & { inode: number };
  lines: string[];
}

/** Has a process become a program, which must succeed or fail as the order expects. */
export async function become(order: Order, options: RunOptions = {}): Promise<Became> {
  const outcome = await runScript(fixture, { ...options, args: [JSON.stringify(order)] });
  assert.deepEqual([outcome.stderr, outcome.exitCode], ["", 0], outcome.stdout);
  const [first, ...lines] = outcome.stdout.trimEnd().split("\n");
  return { before: JSON.parse(first!), lines };
}

/** What a shell script prints that a process becomes. */
export function becomeShell(
  script: string,
  order: Partial<Order> = {},
  options: RunOptions = {},
): Promise<Became> {
  return become({ command: "sh", args: ["-c", script], ...order }, options);
}

/** Has a process fail to become a program. */
export async function fail(
  order: Order,
  options: RunOptions,
): Promise<{ before: Described; failure: Failure }> {
  const { before: { inode: _, ...before }, lines } = await become(order, options);
  return { before, failure: JSON.parse(lines[0]!) };
}
