/** `netns completion`. @module */

import { type Command, UsageError } from "../command.ts";
import { bash, fish, zsh } from "../completion_scripts.ts";
import { printText } from "../output.ts";
import { loadShown } from "./mod.ts";

const scripts: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash,
  zsh,
  fish,
};

/** Prints what makes a shell complete. */
export const completion: Command = {
  name: "completion",
  summary: "print a script that completes commands, options and names in a shell",
  usage: "bash|zsh|fish",
  example: "source <(netns completion bash)",
  positionals: [1, 1],
  async run({ positionals: [shell] }) {
    const script = Object.hasOwn(scripts, shell!) ? scripts[shell!] : undefined;
    if (script === undefined) throw new UsageError(`"${shell}" is none of the shells`, completion);
    printText(script(await loadShown()));
  },
};
