#!/usr/bin/env node
/**
 * The command `netns`: network namespaces from the shell, as `ip netns`, and more.
 *
 * @module
 */

import process from "node:process";
import { isNetNSError } from "../../mod.ts";
import { type Command, UsageError } from "./command.ts";
import { commands } from "./commands/mod.ts";
import { commandHelp, programHelp } from "./help.ts";
import { exitCodeOf, print, printError } from "./output.ts";
import { findCommand, parse } from "./parse.ts";
import { version } from "./version.ts";

/** Runs a command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  try {
    if (word === undefined) {
      console.error(programHelp(commands));
      return 2;
    }
    if (["--help", "-h", "help"].includes(word)) {
      print(rest[0] ? commandHelp(findCommand(commands, rest[0])) : programHelp(commands));
      return 0;
    }
    if (["--version", "-V"].includes(word)) {
      print(version);
      return 0;
    }
    return await run(findCommand(commands, word), rest);
  } catch (error) {
    return explain(error);
  }
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  const given = parse(command, args);
  if (given.options.help === true) {
    print(commandHelp(command));
    return 0;
  }
  return await command.run(given) ?? 0;
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

// A reader that has enough, as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
