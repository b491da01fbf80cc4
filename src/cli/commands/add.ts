/** `netns add`. @module */

import { isNetNSError } from "../../errors.ts";
import { createNamed } from "../../named.ts";
import { type Command, common } from "../command.ts";
import { printError } from "../output.ts";
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
  run({ options, words: [name] }) {
    const loopback = options.up === true;
    try {
      createNamed(name!, { ...directoryOf(options), loopback, exist: "fail" }).close();
    } catch (error) {
      if (!isNetNSError(error) || error.code !== "EEXIST") throw error;
      printError(error.message, `choose another name, or delete it: netns delete ${name}`);
      return 1;
    }
    return 0;
  },
};
