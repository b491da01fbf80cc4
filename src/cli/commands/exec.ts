/** `netns exec`. @module */

import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { isNetNSError, NetNS } from "../../../mod.ts";
import { type Command, common, type Given, UsageError } from "../command.ts";
import { print, printError } from "../output.ts";
import { ownCommand } from "../self.ts";
import { directoryOf, processId } from "./shared.ts";

/** Runs a program in a namespace, in place of this one. */
export const exec: Command = {
  name: "exec",
  summary: "run a program in a namespace",
  usage: "[NAME|--all|--path PATH|--pid PID|--container ID] [--] PROGRAM [ARGS...]",
  details: "This process becomes the program: its id, terminal and signals stay. It has a mount " +
    "namespace\nof its own, with the namespace's /sys, and the files of /etc/netns/NAME over those " +
    "in /etc.",
  example: "netns exec blue -- ping -c 1 10.0.0.2",
  options: {
    all: { type: "boolean", short: "a", help: "in every named namespace, one after the other" },
    name: { type: "string", value: "NAME", help: "the namespace of this name, as --name=-x" },
    path: { type: "string", value: "PATH", help: "the namespace of this file" },
    pid: { type: "string", value: "PID", help: "the namespace of this process" },
    container: { type: "string", value: "ID", help: "the namespace of this container" },
    "no-mount": { type: "boolean", help: "keep /sys and /etc as they are" },
    dir: common.dir,
  },
  words: [0, 1],
  program: { after: 1, unless: ["all", "name", "path", "pid", "container"] },
  async run(given) {
    const { options, program: [program, ...args] } = given;
    if (program === undefined) throw new UsageError("name a program", exec);
    if (options.all) return inAll(given);
    const ns = await target(given);
    return become(ns, program, args, options["no-mount"] !== true);
  },
};

/** Replaces this process; the exit code where that fails is a shell's. */
export function become(
  ns: NetNS,
  program: string,
  args: readonly string[],
  mount: boolean,
): number {
  try {
    return ns.execvp(program, args, { mount });
  } catch (error) {
    if (!isNetNSError(error) || error.syscall !== "execve") throw error;
    printError(error.message, error.hint);
    return error.code === "ENOENT" ? 127 : 126;
  }
}

async function target({ options, words }: Given): Promise<NetNS> {
  const { name = words[0], path, pid, container } = options;
  const given = [words[0], options.name, path, pid, container].filter((one) => one !== undefined);
  if (given.length !== 1) throw new UsageError("name one namespace", exec);
  if (name !== undefined) return NetNS.fromName(String(name), directoryOf(options));
  if (path !== undefined) return NetNS.fromPath(String(path));
  if (pid !== undefined) return NetNS.fromPid(processId(exec, String(pid)));
  return await NetNS.fromContainer(String(container));
}

/** Runs the program in one namespace after the other; the first failure is the exit code. */
function inAll({ options, program }: Given): number {
  const [self, ...selfArgs] = ownCommand() as [string, ...string[]];
  const flags = options["no-mount"] === true ? ["--no-mount"] : [];
  const { dir } = directoryOf(options);
  if (dir !== undefined) flags.push(`--dir=${dir}`);
  let worst = 0;
  for (const { name, stale } of NetNS.list(directoryOf(options))) {
    if (stale) continue;
    print(`\nnetns: ${name}`);
    const args = [...selfArgs, "exec", ...flags, `--name=${name}`, "--", ...program];
    const { status, signal } = spawnSync(self, args, { stdio: "inherit" });
    worst ||= status ?? 128 + constants.signals[signal!];
  }
  return worst;
}
