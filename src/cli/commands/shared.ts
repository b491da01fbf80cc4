/**
 * What several commands need.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { type Command, type Given, UsageError } from "../command.ts";

/** The directory that `--dir` names. */
export function directoryOf(options: Given["options"]): { dir?: string } {
  return typeof options.dir === "string" ? { dir: options.dir } : {};
}

/** A process id that was written as a word. */
export function processId(command: Command, word: string): number {
  if (!/^[1-9]\d*$/.test(word)) throw new UsageError(`"${word}" is no process id`, command);
  return Number(word);
}

/** Opens the namespace of a name, does something with it, and closes it. */
export async function withNamed<T>(
  name: string,
  options: Given["options"],
  use: (ns: NetNS) => T | Promise<T>,
): Promise<T> {
  const ns = NetNS.fromName(name, directoryOf(options));
  try {
    return await use(ns);
  } finally {
    await ns.close();
  }
}
