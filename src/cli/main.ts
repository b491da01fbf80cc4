#!/usr/bin/env node
/**
 * The command `netns`: network namespaces from the shell, as `ip netns`, and more.
 *
 * @module
 */

import process from "node:process";
import { type Command, type Given, UsageError } from "./command.ts";
import { findCommand, loadShown } from "./commands/mod.ts";
import { exactArguments } from "./exact_strings.ts";
import { explain } from "./explain.ts";
import { commandHelp, programHelp } from "./help.ts";
import { print, printText } from "./output.ts";
import { parse, splitCommand } from "./parse.ts";
import { version } from "./version.ts";

/** Runs a command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const [word, rest] = splitCommand(args);
    if (["--help", "-h", "help", "hel", "he", "h"].includes(word)) {
      const [about] = rest;
      printText(
        about ? commandHelp(await findCommand(about).load()) : programHelp(await loadShown()),
      );
      return 0;
    }
    if (["--version", "-V"].includes(word)) {
      print(version);
      return 0;
    }
    return await run(await findCommand(word).load(), rest);
  } catch (error) {
    return explain(error);
  }
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  const given = parse(command, args);
  if (given.options.help === true) {
    printText(commandHelp(command));
    return 0;
  }
  return await command.run(exactly(command, given, args)) ?? 0;
}

/** What was written, without what a runtime has made of bytes that are no UTF-8. */
function exactly(command: Command, given: Given, args: readonly string[]): Given {
  const own = args.length - given.program.length;
  const exact = exactArguments(args);
  const wrong = exact.slice(0, own).findIndex((arg) => typeof arg !== "string");
  if (wrong >= 0) {
    throw new UsageError(`"${args[wrong]}" is not what was given: use UTF-8`, command);
  }
  return { ...given, program: exact.slice(own) };
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
