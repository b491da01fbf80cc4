/** `netns monitor`. @module */

import { directory } from "../../named_directory.ts";
import { watchNames } from "../../watch/watch_names.ts";
import { type Command, common } from "../command.ts";
import { print, printJson } from "../output.ts";
import { directoryOf } from "./shared.ts";

/** Tells names as they come and go. */
export const monitor: Command = {
  name: "monitor",
  summary: "print names as they are added and deleted",
  usage: "",
  details: "A name is printed once it can be used.",
  example: "netns monitor",
  options: { ...common },
  async run({ options }) {
    for await (const event of watchNames(directory(directoryOf(options).dir), undefined)) {
      if (options.json) printJson(event);
      else print(`${event.type} ${event.name}`);
    }
  },
};
