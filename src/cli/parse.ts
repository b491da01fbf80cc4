/**
 * Reads a command line.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Command, type Given, UsageError } from "./command.ts";

/** Finds a command by its name, an alias, or a beginning that no other command has. */
export function findCommand(commands: readonly Command[], word: string): Command {
  const exact = commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (exact !== undefined) return exact;
  const begun = commands.filter(({ name, hidden }) => !hidden && name.startsWith(word));
  if (begun.length === 1) return begun[0]!;
  throw new UsageError(
    begun.length === 0
      ? `there is no command "${word}"`
      : `"${word}" may be ${begun.map(({ name }) => name).join(" or ")}`,
  );
}

/** Reads what follows the name of a command. */
export function parse(command: Command, args: readonly string[]): Given {
  const [own, program] = command.program === undefined ? [args, []] : split(command, args);
  const { values, positionals } = parseOwn(command, own);
  if (values.help !== true) {
    const [min, max] = command.words ?? [0, 0];
    if (positionals.length < min) throw new UsageError("something is missing", command);
    if (positionals.length > max) {
      throw new UsageError(`"${positionals[max]}" is one too many`, command);
    }
  }
  return { options: values, words: positionals, program };
}

function parseOwn(command: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options ?? {}).map(([name, { type, short }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }) },
    ]),
  );
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: { ...options, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, command);
  }
}

/** Parts what is ours from the program, whose options must not be taken for ours. */
function split(command: Command, args: readonly string[]): [string[], string[]] {
  const { after, unless } = command.program!;
  const options = command.options ?? {};
  let left = after;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") return [args.slice(0, index), args.slice(index + 1)];
    if (arg === "-" || !arg.startsWith("-")) {
      if (left === 0) return [args.slice(0, index), args.slice(index)];
      left--;
      continue;
    }
    for (const name of optionNames(arg, options)) {
      if (unless.includes(name)) left = 0;
      if (options[name]?.type === "string" && !arg.includes("=")) index++;
    }
  }
  return [[...args], []];
}

/** Which options an argument gives: one by its name, or some by their letters. */
function optionNames(arg: string, options: NonNullable<Command["options"]>): string[] {
  if (arg.startsWith("--")) return [arg.slice(2).split("=")[0]!];
  const letters = [...arg.slice(1)];
  return Object.keys(options).filter((name) => letters.includes(options[name]!.short ?? ""));
}
