/** `netns identify`. @module */

import process from "node:process";
import { identify as namesOf } from "../../named.ts";
import { type Command, common } from "../command.ts";
import { print, printJson } from "../output.ts";
import { directoryOf, processId } from "./shared.ts";

/** Tells the names of the namespace of a process. */
export const identify: Command = {
  name: "identify",
  summary: "print the names of the namespace of a process",
  usage: "[PID|self]",
  details: "Without PID, or with `self`, of the current one. All names are printed, one a line.",
  example: "netns identify 4711",
  options: { ...common },
  positionals: [0, 1],
  run({ options, positionals: [pid] }) {
    const of = pid === undefined || pid === "self" ? process.pid : processId(identify, pid);
    const names = namesOf(of, directoryOf(options));
    if (options.json) printJson(names);
    else for (const name of names.length > 0 ? names : [""]) print(name);
  },
};
