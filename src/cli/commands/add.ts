/** `netns add`. @module */

import { createNamed } from "../../named.ts";
import { type Command, common } from "../command.ts";
import { directoryOf } from "./shared.ts";

/** Makes a namespace with a name. */
export const add: Command = {
  name: "add",
  summary: "create a namespace with a name",
  usage: "NAME",
  details:
    "It stays until it is deleted, or the machine restarts. `lo` is down, as with `ip netns add`.",
  example: "netns add blue",
  options: {
    up: { type: "boolean", short: "u", help: "bring `lo` up" },
    dir: common.dir,
  },
  positionals: [1, 1],
  run({ options, positionals: [name] }) {
    const loopback = options.up === true;
    createNamed(name!, { ...directoryOf(options), loopback, exist: "fail" }).close();
  },
};
