/** `netns delete`. @module */

import type { NetNSError } from "../../errors.ts";
import { deleteNamed, listNamed } from "../../named.ts";
import { directory } from "../../named_directory.ts";
import { isLink } from "../../named_file.ts";
import { isLeftover } from "../../prune.ts";
import { type Command, common, UsageError } from "../command.ts";
import { tell } from "../explain.ts";
import { attempt, directoryOf, tellUnreadable } from "./shared.ts";

/** Removes names. */
export const deleteCommand: Command = {
  name: "delete",
  aliases: ["del", "rm"],
  summary: "remove names",
  usage: "NAME... | --all",
  details:
    "A namespace lives on while a process is in it. Of a symbolic link the link is removed, never " +
    "what it leads to. One name that cannot be removed does not keep the others.",
  example: "netns delete blue green --if-exists",
  options: {
    all: { type: "boolean", short: "a", help: "remove every name" },
    "if-exists": { type: "boolean", help: "a missing name is no error" },
    dir: common.dir,
  },
  positionals: [0, Infinity],
  async run({ options, positionals }) {
    if (options.all === true === positionals.length > 0) {
      throw new UsageError("name what to delete, or give --all", deleteCommand);
    }
    const dir = directoryOf(options);
    const names = options.all ? allNames(dir) : positionals;
    const ifExists = options["if-exists"] === true || options.all === true;
    const errors: NetNSError[] = [];
    for (const name of names) {
      await attempt(errors, () => deleteNamed(name, { ...dir, ifExists }));
    }
    return Math.max(tell(errors), options.all ? tellUnreadable(options) : 0);
  },
};

/** The names of a directory, without files and links that only look like stale names. */
function allNames(options: { dir?: string }): string[] {
  const dir = directory(options.dir);
  const isName = (path: string) => isLeftover(dir, path) || dir === directory() && isLink(path);
  return listNamed(options)
    .filter(({ path, stale }) => !stale || isName(path))
    .map(({ name }) => name);
}
