/** `netns prune`. @module */

import { pruneNames } from "../../prune.ts";
import { type Command, common } from "../command.ts";
import { tell } from "../explain.ts";
import { print, printJson } from "../output.ts";
import { directoryOf, tellUnreadable } from "./shared.ts";

/** Removes the names that nobody needs. */
export const prune: Command = {
  name: "prune",
  summary: "remove stale names, and those whose owner is gone",
  usage: "[--dry-run]",
  details:
    "Owners are programs that create a name with `owner: true`. One that cannot be removed does not " +
    "keep the others. Symbolic links stay: what they lead to may be out of sight.",
  example: "netns prune --dry-run",
  options: {
    "dry-run": { type: "boolean", short: "n", help: "only tell what would be removed" },
    ...common,
  },
  run({ options }) {
    const { pruned, errors } = pruneNames({
      ...directoryOf(options),
      dryRun: options["dry-run"] === true,
    });
    if (options.json) printJson(pruned);
    else for (const { name, reason } of pruned) print(`${name} (${reason})`);
    return Math.max(tell(errors), tellUnreadable(options));
  },
};
