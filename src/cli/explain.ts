/**
 * What is told of an error, and the exit code for it.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { inspect } from "node:util";
import { isArgumentError } from "../check.ts";
import { isNetNSError, NetNSError } from "../errors.ts";
import { directory } from "../named_directory.ts";
import { UsageError } from "./command.ts";
import { printError, printToStderr } from "./output.ts";

/** Tells what went wrong; the exit code. */
export function explain(error: unknown): number {
  if (error instanceof UsageError) {
    const { command } = error;
    printError(error.message);
    printToStderr(
      command === undefined
        ? "Try `netns --help`"
        : `Usage: netns ${command.name} ${command.usage}\nTry \`netns ${command.name} --help\``,
    );
    return 2;
  }
  if (isNetNSError(error)) return tell([error]);
  if (isArgumentError(error)) {
    printError(error.message);
    return 2;
  }
  if (error instanceof Error && error.name === "NotCapable") {
    printError(error.message, "the command needs all permissions of Deno: deno run -A");
    return 1;
  }
  if (isSystemError(error)) {
    printError(error.message);
    return 1;
  }
  printError("internal error", "this is a bug of netns: report it with what follows");
  printToStderr(inspect(error));
  return 1;
}

/** Tells errors, those that are alike once, and once what to do about them; the worst exit code. */
export function tell(errors: readonly NetNSError[]): number {
  const hints = new Map(errors.map((error) => [error.message, hintOf(error)]));
  const [...messages] = hints.keys();
  messages.forEach((message, index) => {
    const hint = hints.get(message);
    printError(message, hint === hints.get(messages[index + 1] ?? "") ? undefined : hint);
  });
  return Math.max(0, ...errors.map(exitCodeOf));
}

/** The exit code of an error: 2 where the command line was wrong. */
function exitCodeOf({ code }: NetNSError): number {
  return code === "ERR_NETNS_NAME_INVALID" ? 2 : 1;
}

/** Whether the system refused something to the runtime's own functions. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string" &&
    typeof (error as NodeJS.ErrnoException).code === "string";
}

/** What helps in the words of the command, where the library speaks of its own functions. */
const hints: Readonly<Record<string, string>> = {
  "open ENOTDIR": "the directory of the names is none: remove the file, or name another by --dir",
  ERR_NETNS_WRONG_KIND: "it must be a network namespace; nsenter(1) enters those of other kinds",
  ERR_NETNS_THREAD_EXITED: "try again",
};

/** What the library says where anything that was named is not there. */
const { hint: anywhere } = new NetNSError("", { code: "ERR_NETNS_NOT_FOUND" });

/** What helps against an error; undefined where nothing is known to. */
function hintOf({ code, syscall, path, hint, message }: NetNSError): string | undefined {
  if (code === "EEXIST" && syscall === "open" && path !== undefined) {
    return `choose another name, or delete it: netns delete ${wordsFor(path)}`;
  }
  if (code === "ERR_NETNS_NOT_FOUND" && hint === anywhere) {
    return message.endsWith("there is no such name")
      ? "`netns list --all` shows what there is"
      : undefined;
  }
  if (code === "ERR_NETNS_NOT_A_NAMESPACE" && message.endsWith("is not a namespace")) {
    return `if ${path ?? "it"} is a name, its mount is not seen here: in a container mount ` +
      "/run/netns with rslave propagation; else it is stale: netns delete removes it, netns " +
      "prune all such";
  }
  return hints[`${syscall} ${code}`] ?? hints[code] ?? hint;
}

/** What names the file of a name on a command line. */
function wordsFor(path: string): string {
  const dir = dirname(path);
  return [...(dir === directory() ? [] : ["--dir", dir]), basename(path)].map(quote).join(" ");
}

/** A word as a shell takes it. */
function quote(word: string): string {
  return /^[\w.:@%+,/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
