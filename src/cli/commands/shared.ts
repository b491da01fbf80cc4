/**
 * What several commands need.
 *
 * @module
 */

import { checkPath } from "../../check.ts";
import { isNetNSError, type NetNSError } from "../../errors.ts";
import { escapeName } from "../../name.ts";
import { openNamed, unreadableNames } from "../../named.ts";
import { directory, namedPath } from "../../named_directory.ts";
import type { Namespace } from "../../namespace.ts";
import { type Command, type Given, UsageError } from "../command.ts";
import { printError } from "../output.ts";

/** The directory that `--dir` names. */
export function directoryOf(options: Given["options"]): { dir?: string } {
  return typeof options.dir === "string" ? { dir: checkPath("--dir", options.dir) } : {};
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

/** Tells which names are left out for want of text that could stand for them; the exit code. */
export function tellUnreadable(options: Given["options"]): number {
  const dir = directory(directoryOf(options).dir);
  const names = unreadableNames(directoryOf(options));
  for (const name of names) {
    const path = `$'${escapeName(namedPath(dir, name))}'`;
    printError(
      `Cannot tell what ${path} is: the name is no UTF-8`,
      `in a shell it is removed so: umount -l ${path}; rm ${path}`,
    );
  }
  return names.length === 0 ? 0 : 1;
}

/** What a function finds; undefined where that fails, with the error among `errors`. */
export async function attempt<T>(
  errors: NetNSError[],
  find: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (!isNetNSError(error)) throw error;
    errors.push(error);
    return undefined;
  }
}
