/** `netns delete`. @module */

import { isNetNSError, NetNS } from "../../../mod.ts";
import { type Command, common, UsageError } from "../command.ts";
import { exitCodeOf, printError } from "../output.ts";
import { directoryOf } from "./shared.ts";

/** Removes names. */
export const deleteCommand: Command = {
  name: "delete",
  aliases: ["del", "rm"],
  summary: "remove names",
  usage: "NAME... | --all",
  details:
    "A namespace lives on while a process is in it. One name that cannot be removed does not " +
    "keep the\nothers.",
  example: "netns delete blue green --if-exists",
  options: {
    all: { type: "boolean", short: "a", help: "remove every name" },
    "if-exists": { type: "boolean", help: "a missing name is no error" },
    dir: common.dir,
  },
  words: [0, Infinity],
  run({ options, words }) {
    if (options.all === true === words.length > 0) {
      throw new UsageError("name what to delete, or give --all", deleteCommand);
    }
    const dir = directoryOf(options);
    const names = options.all ? NetNS.list(dir).map(({ name }) => name) : words;
    let worst = 0;
    for (const name of names) {
      try {
        const ifExists = options["if-exists"] === true || options.all === true;
        NetNS.delete(name, { ...dir, ifExists });
      } catch (error) {
        if (!isNetNSError(error)) throw error;
        printError(error.message, error.hint);
        worst = Math.max(worst, exitCodeOf(error));
      }
    }
    return worst;
  },
};
