#!/usr/bin/env node
/**
 * The command `netns`: network namespaces from the shell, as `ip netns`, and more.
 *
 * @module
 */

import process from "node:process";
import { isNetNSError } from "../errors.ts";
import { type Command, UsageError } from "./command.ts";
import { findCommand, loadShown } from "./commands/mod.ts";
import { commandHelp, programHelp } from "./help.ts";
import { exitCodeOf, print, printError } from "./output.ts";
import { parse, parts } from "./parse.ts";
import { version } from "./version.ts";

/** Runs a command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const [word, rest] = parts(args);
    if (["--help", "-h", "help", "hel", "he", "h"].includes(word)) {
      const [about] = rest;
      print(about ? commandHelp(await findCommand(about).load()) : programHelp(await loadShown()));
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

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
