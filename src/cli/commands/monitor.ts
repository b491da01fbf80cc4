/** `netns monitor`. @module */

import { NetNS } from "../../../mod.ts";
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
    for await (const event of NetNS.watch(directoryOf(options))) {
      if (options.json) printJson(event);
      else print(`${event.type} ${event.name}`);
    }
  },
};
