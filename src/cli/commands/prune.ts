/** `netns prune`. @module */

import { NetNS } from "../../../mod.ts";
import { type Command, common } from "../command.ts";
import { print, printJson } from "../output.ts";
import { directoryOf } from "./shared.ts";

/** Removes the names that nobody needs. */
export const prune: Command = {
  name: "prune",
  summary: "remove stale names, and those whose owner is gone",
  usage: "[--dry-run]",
  details: "Owners are programs that create a name with `owner: true`.",
  example: "netns prune --dry-run",
  options: {
    "dry-run": { type: "boolean", short: "n", help: "only tell what would be removed" },
    ...common,
  },
  run({ options }) {
    const pruned = NetNS.prune({ ...directoryOf(options), dryRun: options["dry-run"] === true });
    if (options.json) return printJson(pruned);
    for (const { name, reason } of pruned) print(`${name} (${reason})`);
  },
};
