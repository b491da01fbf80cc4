/** `netns run`. @module */

import { createAnonymous } from "../../create.ts";
import { openNamed } from "../../named.ts";
import { become, startOptions, stateOf } from "../become.ts";
import { type Command, common, UsageError } from "../command.ts";
import { runtimeCommand } from "../self.ts";
import { directoryOf } from "./shared.ts";

/** Runs a program of JavaScript or TypeScript in a namespace. */
export const run: Command = {
  name: "run",
  summary: "run a JavaScript or TypeScript file in a namespace",
  usage: "[NAME|--new] [--] FILE [ARGS...]",
  details:
    "The whole program is inside, under the runtime that runs this command. With --new it has " +
    "a namespace that ends with it.",
  example: "netns run --new server.ts",
  options: {
    new: { type: "boolean", short: "n", help: "in a namespace of its own" },
    ...startOptions,
    dir: common.dir,
  },
  positionals: [0, 1],
  program: { positionalsBefore: 1, optionsInstead: ["new"] },
  run({ options, positionals: [name], program }) {
    if ((options.new === true) === (name !== undefined)) {
      throw new UsageError("name one namespace, or give --new", run);
    }
    const state = stateOf(run, options);
    const namespace = name === undefined
      ? createAnonymous({ loopback: true })
      : openNamed(name, directoryOf(options));
    return become(namespace, [...runtimeCommand(), ...program], state);
  },
};
