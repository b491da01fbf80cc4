/**
 * Reads a command line.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Command, type Given, type Option, UsageError } from "./command.ts";

/** Options that `ip` takes before `netns`, and writes with one hyphen. */
const GLOBAL: Readonly<Record<string, string>> = {
  ...{ "-a": "--all", "-all": "--all", "--all": "--all" },
  ...{ "-j": "--json", "-json": "--json", "--json": "--json" },
};

/** The name of a command, without one that of the list, and what follows it. */
export function splitCommand(args: readonly string[]): [command: string, args: string[]] {
  const at = args.findIndex((arg) => !Object.hasOwn(GLOBAL, arg));
  const before = (at < 0 ? args : args.slice(0, at)).map((arg) => GLOBAL[arg]!);
  return at < 0 ? ["list", before] : [args[at]!, [...before, ...args.slice(at + 1)]];
}

/** Reads what follows the name of a command. */
export function parse(command: Command, args: readonly string[]): Given {
  const [own, program] = command.program === undefined ? [args, []] : splitProgram(command, args);
  const { values, positionals } = parseOwn(command, own);
  if (values.help !== true) {
    const [min, max] = command.positionals ?? [0, 0];
    if (positionals.length > max) {
      throw new UsageError(`"${positionals[max]}" is one too many`, command);
    }
    const required = requiredWords(command);
    const missing = (word: string) => new UsageError(`${word} is missing`, command);
    if (positionals.length < min) throw missing(required[positionals.length]!);
    if (command.program !== undefined && program.length === 0) throw missing(required.at(-1)!);
  }
  return { options: values, positionals, program };
}

/** What must be there, as the usage calls it. */
function requiredWords({ usage }: Command): string[] {
  return usage.replaceAll(/\[[^\]]*\]/g, "").split(" ").filter(Boolean);
}

function parseOwn(command: Command, args: readonly string[]) {
  const { values, positionals, tokens } = tokenize(command, withTwoHyphens(command, args));
  const known: Readonly<Record<string, Option>> = { ...command.options, help };
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const problem = mistake(
      Object.hasOwn(known, token.name) ? known[token.name] : undefined,
      token,
    );
    if (problem !== undefined) throw new UsageError(problem, command);
  }
  return { values, positionals };
}

/** Options that are written as `ip` has them. */
function withTwoHyphens(command: Command, args: readonly string[]): string[] {
  const written = [...args];
  for (const { kind, index } of tokenize(command, args).tokens) {
    const option = GLOBAL[args[index]!];
    if (kind === "option" && option !== undefined && args[index]!.length > 2) {
      written[index] = option;
    }
  }
  return written;
}

const help: Option = { type: "boolean", short: "h", help: "print this" };

interface WrittenOption {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** What is wrong with an option. */
function mistake(
  option: Option | undefined,
  { rawName, value, inlineValue }: WrittenOption,
): string | undefined {
  if (option === undefined) {
    return `there is no option "${rawName}"; a name that begins so stands after "--"`;
  }
  if (option.type === "boolean") {
    return value === undefined ? undefined : `"${rawName}" takes no value`;
  }
  if (value === undefined) return `"${rawName}" needs a value`;
  if (value.startsWith("-") && !inlineValue) {
    return `"${rawName}" needs a value; one that begins with "-" is written ${rawName}=${value}`;
  }
  return undefined;
}

/** Parts what is ours from the program, whose options must not be taken for ours. */
function splitProgram(command: Command, args: readonly string[]): [string[], string[]] {
  const { positionalsBefore, optionsInstead } = command.program!;
  let left = positionalsBefore;
  for (const token of tokenize(command, args).tokens) {
    if (token.kind === "option-terminator") {
      return [args.slice(0, token.index), args.slice(token.index + 1)];
    }
    if (token.kind === "option") {
      if (optionsInstead.includes(token.name)) left = 0;
    } else if (left === 0) {
      return [args.slice(0, token.index), args.slice(token.index)];
    } else {
      left--;
    }
  }
  return [[...args], []];
}

/** Without judging: the words for mistakes are our own. */
function tokenize({ options = {} }: Command, args: readonly string[]) {
  const known = Object.entries({ ...options, help }).map(([name, { type, short }]) => [
    name,
    { type, ...(short === undefined ? {} : { short }) },
  ]);
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(known),
  });
}
