/**
 * What is told of an error, and the exit code for it.
 *
 * @module
 */

import { inspect } from "node:util";
import { isArgumentError } from "../check.ts";
import { isNetNSError, type NetNSError } from "../errors.ts";
import { UsageError } from "./command.ts";
import { exitCodeOf, printError, printToStderr } from "./output.ts";

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
  if (isNetNSError(error)) {
    printError(error.message, hintOf(error));
    return exitCodeOf(error);
  }
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

/** Whether the system refused something to the runtime's own functions. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string" &&
    typeof (error as NodeJS.ErrnoException).code === "string";
}

/** What helps in the words of the command, where the library speaks of its own functions. */
const hints: Readonly<Record<string, string>> = {
  "open EEXIST": "choose another name, or delete it: netns delete NAME",
  "open ENOTDIR": "the directory of the names is none: remove the file, or name another by --dir",
  ERR_NETNS_WRONG_KIND: "it must be a network namespace; nsenter(1) enters those of other kinds",
  ERR_NETNS_THREAD_EXITED: "try again",
};

/** What helps against an error; undefined where nothing is known to. */
export function hintOf(error: NetNSError): string | undefined {
  const { code, syscall, path, hint } = error;
  if (code === "ERR_NETNS_NOT_A_NAMESPACE" && error.message.endsWith("is not a namespace")) {
    return `if ${path ?? "it"} is a name, its mount is not seen here: in a container mount ` +
      "/run/netns with rslave propagation; else it is stale: netns delete removes it, netns " +
      "prune all such";
  }
  return hints[`${syscall} ${code}`] ?? hints[code] ?? hint;
}
