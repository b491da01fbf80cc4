/**
 * The command line of the test commands.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { type RuntimeName, runtimeNames } from "./runtimes.ts";

/** What to run. */
export interface Selection {
  /** Runtimes that were named. */
  names: RuntimeName[];
  /** Part of the path of a test file. */
  only: string;
}

/** Reads the command line; ends this process when it is wrong. */
export function readSelection(command: string): Selection {
  try {
    const { values, positionals } = parseArgs({
      options: { only: { type: "string", default: "" } },
      allowPositionals: true,
    });
    const unknown = positionals.find((name) => !isRuntimeName(name));
    if (unknown !== undefined) throw new RangeError(`"${unknown}" is no runtime`);
    return { names: positionals.filter(isRuntimeName), only: values.only };
  } catch (error) {
    console.error((error as Error).message);
    console.error(`usage: ${command} -- [${runtimeNames.join("|")} ...] [--only TEXT]`);
    process.exit(2);
  }
}

function isRuntimeName(name: string): name is RuntimeName {
  return (runtimeNames as readonly string[]).includes(name);
}
