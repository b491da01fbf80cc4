/**
 * What several commands need.
 *
 * @module
 */

import { openNamed } from "../../named.ts";
import type { Namespace } from "../../namespace.ts";
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
export function withNamed<T>(
  name: string,
  options: Given["options"],
  use: (namespace: Namespace) => T,
): T {
  const namespace = openNamed(name, directoryOf(options));
  try {
    return use(namespace);
  } finally {
    namespace.close();
  }
}
