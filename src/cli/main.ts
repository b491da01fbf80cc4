#!/usr/bin/env node
/**
 * The command `netns`: network namespaces from the shell, as `ip netns`, and more.
 *
 * @module
 */

import process from "node:process";
import { isNetNSError } from "../errors.ts";
import { type Command, type Given, UsageError } from "./command.ts";
import { commands, loadShown } from "./commands/mod.ts";
import { exactArguments } from "./exact_strings.ts";
import { commandHelp, programHelp } from "./help.ts";
import { exitCodeOf, print, printError } from "./output.ts";
import { findCommand, parse } from "./parse.ts";
import { version } from "./version.ts";

/** Runs a command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  try {
    if (word === undefined) {
      console.error(programHelp(await loadShown()));
      return 2;
    }
    if (["--help", "-h", "help"].includes(word)) {
      const [about] = rest;
      print(about ? commandHelp(await find(about)) : programHelp(await loadShown()));
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
    print(commandHelp(command));
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

/** Tells what went wrong; the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    const { command } = error;
    printError(error.message);
    console.error(
      command === undefined
        ? "Try `netns --help`"
        : `Usage: netns ${command.name} ${command.usage}\nTry \`netns ${command.name} --help\``,
    );
    return 2;
  }
  if (isNetNSError(error)) {
    printError(error.message, error.hint);
    return exitCodeOf(error);
  }
  if (error instanceof TypeError || error instanceof RangeError) {
    printError(error.message);
    return 2;
  }
  if (error instanceof Error && error.name === "NotCapable") {
    printError(error.message, "the command needs all permissions of Deno: deno run -A");
    return 1;
  }
  throw error;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
