/** `netns run`. @module */

import { NetNS } from "../../../mod.ts";
import { type Command, common, UsageError } from "../command.ts";
import { runtimeCommand } from "../self.ts";
import { become } from "./exec.ts";
import { directoryOf } from "./shared.ts";

/** Runs a program of JavaScript or TypeScript in a namespace. */
export const run: Command = {
  name: "run",
  summary: "run a JavaScript or TypeScript file in a namespace",
  usage: "[NAME|--new] [--] FILE [ARGS...]",
  details:
    "The whole program is inside, under the runtime that runs this command. With --new it has " +
    "a\nnamespace that ends with it.",
  example: "netns run --new server.ts",
  options: {
    new: { type: "boolean", short: "n", help: "in a namespace of its own" },
    "no-mount": { type: "boolean", help: "keep /sys and /etc as they are" },
    dir: common.dir,
  },
  words: [0, 1],
  program: { after: 1, unless: ["new"] },
  run({ options, words: [name], program: [file, ...args] }) {
    if (file === undefined) throw new UsageError("name a file", run);
    if ((options.new === true) === (name !== undefined)) {
      throw new UsageError("name one namespace, or give --new", run);
    }
    const ns = name === undefined ? NetNS.create() : NetNS.fromName(name, directoryOf(options));
    const [program, ...runtimeArgs] = runtimeCommand() as [string, ...string[]];
    return become(ns, program, [...runtimeArgs, file, ...args], options["no-mount"] !== true);
  },
};
