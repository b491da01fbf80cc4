#!/usr/bin/env node
/**
 * The command `netns`: network namespaces from the shell, as `ip netns`, and more.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "./command.ts";
import { commands, loadShown } from "./commands/mod.ts";
import { explain } from "./explain.ts";
import { commandHelp, programHelp } from "./help.ts";
import { print, printText, printToStderr } from "./output.ts";
import { findCommand, parse } from "./parse.ts";
import { version } from "./version.ts";

/** Runs a command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  try {
    if (word === undefined) {
      printToStderr(programHelp(await loadShown()));
      return 2;
    }
    if (["--help", "-h", "help"].includes(word)) {
      const [about] = rest;
      printText(about ? commandHelp(await find(about)) : programHelp(await loadShown()));
      return 0;
    }
    if (["--version", "-V"].includes(word)) {
      print(version);
      return 0;
    }
    return await run(await find(word), rest);
  } catch (error) {
    return explain(error);
  }
}

function find(word: string): Promise<Command> {
  return findCommand(commands, word).load();
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  const given = parse(command, args);
  if (given.options.help === true) {
    printText(commandHelp(command));
    return 0;
  }
  return await command.run(given) ?? 0;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
