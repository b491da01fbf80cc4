/**
 * The man page of the command, from what `netns --help` knows.
 *
 * @module
 */

import type { Command, Option } from "../src/cli/command.ts";
import { loadShown } from "../src/cli/commands/mod.ts";
import { version } from "../src/cli/version.ts";

/** The text of netns.1, for groff_man(7). */
export async function manPage(): Promise<string> {
  const shown = await loadShown();
  return [
    `.\\" Generated from src/cli/commands by "npm run generate"; do not edit.`,
    `.TH NETNS 1 "" "netns ${version}" "User Commands"`,
    ".SH NAME",
    "netns \\- network namespaces from the shell",
    ".SH SYNOPSIS",
    ".B netns",
    ".I COMMAND",
    "[\\fIOPTIONS\\fR] [\\fIARGS\\fR...]",
    ".SH DESCRIPTION",
    text(
      "Makes, lists, enters and deletes network namespaces. Their names are those of ip-netns(8): " +
        "what one makes the other sees. Without a command it lists. A beginning of a command is " +
        "taken as there, else as long as it is that of one command only. Options that ip takes " +
        'before netns, as "-all" and "-json", are taken before and after the command. Most commands ' +
        'need CAP_SYS_ADMIN; "netns rootless" gives it to an ordinary user in namespaces of his own.',
    ),
    ".SH COMMANDS",
    ...shown.flatMap(section),
    ".SH EXIT STATUS",
    ".TP",
    ".B 0",
    "Done.",
    ".TP",
    ".B 1",
    "Failed, if only in part; for doctor: no namespace can be created.",
    ".TP",
    ".B 2",
    "Wrong usage.",
    ".TP",
    ".B 126, 127",
    "exec, run and rootless: the program cannot be run, or is not found. Else they end as the " +
    "program does.",
    ".SH ENVIRONMENT",
    ".TP",
    ".B NO_COLOR",
    "Where it is set and not empty, nothing is coloured.",
    ".TP",
    ".B NETNS_LIBC",
    "The path of libc, where it is not found.",
    ".SH FILES",
    ".TP",
    ".I /run/netns/NAME",
    "A name: a file with a namespace mounted on it.",
    ".TP",
    ".I /run/netns.owners/NAME",
    "Locked by the program that owns the name, as long as it lives.",
    ".TP",
    ".I /etc/netns/NAME/",
    "Files that exec mounts over those of the same names in /etc.",
    ".SH SEE ALSO",
    ".BR ip\\-netns (8),",
    ".BR nsenter (1),",
    ".BR unshare (1),",
    ".BR lsns (8),",
    ".BR network_namespaces (7)",
    "",
  ].join("\n");
}

function section(command: Command): string[] {
  const { name, aliases = [], usage, summary, details = "", example, options = {} } = command;
  const sentence = `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;
  return [
    `.SS ${text(`netns ${name} ${usage}`.trimEnd())}`,
    ...paragraphs(`${sentence} ${details}`),
    ...(aliases.length === 0 ? [] : [".PP", text(`Also: ${aliases.join(", ")}.`)]),
    ...Object.entries(options).flatMap(([option, described]) => [
      ".TP",
      `.B ${text(flag(option, described))}`,
      `${text(described.help[0]!.toUpperCase() + described.help.slice(1))}.`,
    ]),
    ".PP",
    `Example: \\fB${text(example)}\\fR`,
  ];
}

function paragraphs(plain: string): string[] {
  return plain.split("\n\n").flatMap((paragraph, index) => [
    ...(index === 0 ? [] : [".PP"]),
    text(paragraph.trimEnd()),
  ]);
}

function flag(name: string, { short, value }: Option): string {
  const letter = short === undefined ? "" : `-${short}, `;
  return `${letter}--${name}${value === undefined ? "" : ` ${value}`}`;
}

/** Escapes what groff takes for its own: backslashes, hyphens, and a full stop that begins a line. */
function text(plain: string): string {
  return plain.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/, "\\&$&");
}
