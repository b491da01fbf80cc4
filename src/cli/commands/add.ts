/** `netns add`. @module */

import { NetNS } from "../../../mod.ts";
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
  words: [1, 1],
  async run({ options, words: [name] }) {
    const loopback = options.up === true;
    await NetNS.create({ name: name!, loopback, ...directoryOf(options) }).close();
  },
};
