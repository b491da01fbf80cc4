/**
 * The help of `netns` and of each command.
 *
 * @module
 */

import type { Command, Option } from "./command.ts";

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Usage: netns [COMMAND] [OPTIONS] ...",
    "",
    "Network namespaces of Linux, named as `ip netns` names them. Without a command: list.",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Options:",
    "  -h, --help     print this, or the help of a command",
    "  -V, --version  print the version",
    "",
    wrap(
      "Exit codes: 0 done, 1 failed, 2 wrong usage; exec, run and rootless: those of the program, " +
        "126 when it cannot be run, 127 when it is not found.",
    ),
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, aliases = [], summary, usage, details, example, options = {} } = command;
  const lines = Object.entries(options).map(([name, option]) => [flag(name, option), option.help]);
  lines.push(["-h, --help", "print this"]);
  const width = Math.max(...lines.map(([flag]) => flag!.length));
  return [
    `Usage: netns ${name} ${usage}`.trimEnd(),
    "",
    `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
    ...(details === undefined ? [] : ["", wrap(details)]),
    ...(aliases.length === 0 ? [] : ["", `Also: ${aliases.join(", ")}`]),
    "",
    "Options:",
    ...lines.map(([flag, help]) => `  ${flag!.padEnd(width)}  ${help}`),
    "",
    `Example: ${example}`,
  ].join("\n");
}

function flag(name: string, { short, value }: Option): string {
  return `${short === undefined ? "    " : `-${short}, `}--${name}${value ? ` ${value}` : ""}`;
}

const COLUMNS = 100;

/** Paragraphs in lines that a terminal takes. */
function wrap(text: string): string {
  return text.split("\n\n").map(wrapParagraph).join("\n\n");
}

function wrapParagraph(paragraph: string): string {
  const lines: string[] = [];
  for (const word of paragraph.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}
