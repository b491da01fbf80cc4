/** `netns pids`. @module */

import { pidsOf } from "../../pids.ts";
import { type Command, common } from "../command.ts";
import { print, printJson } from "../output.ts";
import { withNamed } from "./shared.ts";

/** Lists who lives in a namespace. */
export const pids: Command = {
  name: "pids",
  summary: "list the processes in a namespace",
  usage: "NAME",
  details: "Processes with any thread in it are found, not only those whose main thread is.",
  example: "netns pids blue --threads",
  options: {
    threads: { type: "boolean", short: "t", help: "list threads rather than processes" },
    ...common,
  },
  positionals: [1, 1],
  run({ options, positionals: [name] }) {
    const found = withNamed(
      name!,
      options,
      (namespace) => pidsOf(namespace, { threads: options.threads === true }),
    );
    if (options.json) printJson(found);
    else for (const pid of found) print(String(pid));
  },
};
