/** `netns exec`. @module */

import type { CString } from "../../../ffi/libc.ts";
import { openContainer } from "../../container.ts";
import { isNetNSError } from "../../errors.ts";
import { listNamed, openNamed } from "../../named.ts";
import type { Namespace } from "../../namespace.ts";
import { openPath, openPid } from "../../open.ts";
import type { ProgramState } from "../../program_state.ts";
import { become, runToEnd, startOptions, stateOf } from "../become.ts";
import { type Command, common, type Given, UsageError } from "../command.ts";
import { tell } from "../explain.ts";
import { print } from "../output.ts";
import { directoryOf, processId, tellUnreadable, withNamed } from "./shared.ts";

/** The options that stand for a name. */
const targets = ["all", "name", "path", "pid", "container"] as const;

/** Runs a program in a namespace, in place of this one. */
export const exec: Command = {
  name: "exec",
  summary: "run a program in a namespace",
  usage: "[NAME|--all|--path PATH|--pid PID|--container ID] [--] PROGRAM [ARGS...]",
  details: "This process becomes the program: its id, terminal and signals stay. It has a mount " +
    "namespace of its own, with the namespace's /sys, and the files of /etc/netns/NAME over those " +
    "in /etc.\n\nThe runtime of this command has raised the soft limit of open files to the hard " +
    "one, and Node ignores no signals that were ignored. Set such things inside: netns exec blue " +
    "-- nohup server, or netns exec blue -- sh -c 'ulimit -Sn 1024; exec server'.",
  example: "netns exec blue -- ping -c 1 10.0.0.2",
  options: {
    all: { type: "boolean", short: "a", help: "in every named namespace, one after the other" },
    name: { type: "string", value: "NAME", help: "the namespace of this name, as --name=-x" },
    path: { type: "string", value: "PATH", help: "the namespace of this file" },
    pid: { type: "string", value: "PID", help: "the namespace of this process" },
    container: { type: "string", value: "ID", help: "the namespace of this container" },
    ...startOptions,
    dir: common.dir,
  },
  positionals: [0, 1],
  program: { positionalsBefore: 1, optionsInstead: targets },
  async run(given) {
    const { options, program } = given;
    const named = [
      ...given.positionals,
      ...targets.filter((name) => options[name] !== undefined).map((name) => `--${name}`),
    ];
    if (named.length === 0) throw new UsageError("name a namespace", exec);
    if (named.length > 1) {
      const several = `${named.join(" and ")} are ${named.length === 2 ? "both" : "all"} given`;
      throw new UsageError(`name only one: ${several}`, exec);
    }
    const state = stateOf(exec, options);
    if (options.all) return inAll(given, state);
    return become(await target(given), program, state);
  },
};

async function target({ options, positionals }: Given): Promise<Namespace> {
  const { name = positionals[0], path, pid, container } = options;
  if (name !== undefined) return openNamed(String(name), directoryOf(options));
  if (path !== undefined) return openPath(String(path));
  if (pid !== undefined) return openPid(processId(exec, String(pid)));
  return await openContainer(String(container));
}

/** Runs the program in one namespace after the other; the first failure is the exit code. */
function inAll({ options, program }: Given, state: ProgramState): number {
  let worst = 0;
  for (const { name, stale } of listNamed(directoryOf(options))) {
    if (stale) continue;
    print("");
    print(`netns: ${name}`);
    const code = inOne(name, options, program, state);
    worst ||= code;
  }
  const left = tellUnreadable(options);
  return worst || left;
}

/** The exit code in one of many namespaces, which may be gone by now. */
function inOne(
  name: string,
  options: Given["options"],
  program: readonly CString[],
  state: ProgramState,
): number {
  try {
    return withNamed(name, options, (namespace) => runToEnd(namespace, program, state));
  } catch (error) {
    // Nothing may run where nobody knows in which namespace this process is.
    if (!isNetNSError(error) || error.code === "ERR_NETNS_RESTORE_FAILED") throw error;
    return tell([error]);
  }
}
