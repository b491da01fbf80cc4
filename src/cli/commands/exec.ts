/** `netns exec`. @module */

import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { openContainer } from "../../container.ts";
import { isNetNSError } from "../../errors.ts";
import { execvpInside } from "../../execvp.ts";
import { listNamed, openNamed } from "../../named.ts";
import type { Namespace } from "../../namespace.ts";
import { openPath, openPid } from "../../open.ts";
import { type Command, common, type Given, UsageError } from "../command.ts";
import { print, printError } from "../output.ts";
import { ownCommand } from "../self.ts";
import { directoryOf, processId } from "./shared.ts";

/** The options that stand for a name. */
const targets = ["all", "name", "path", "pid", "container"] as const;

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
  program: { after: 1, unless: targets },
  async run(given) {
    const { options, program: [program, ...args] } = given;
    if (program === undefined) throw new UsageError("name a program", exec);
    const ways = [given.words[0], ...targets.map((name) => options[name])];
    if (ways.filter((way) => way !== undefined).length !== 1) {
      throw new UsageError("name one namespace", exec);
    }
    if (options.all) return inAll(given);
    return become(await target(given), program, args, options["no-mount"] !== true);
  },
};

/** Replaces this process; the exit code where that fails is a shell's. */
export function become(
  namespace: Namespace,
  program: string,
  args: readonly string[],
  mount: boolean,
): number {
  try {
    return execvpInside(namespace, program, args, { mount });
  } catch (error) {
    if (!isNetNSError(error) || error.syscall !== "execve") throw error;
    printError(error.message, error.hint);
    return error.code === "ENOENT" ? 127 : 126;
  }
}

async function target({ options, words }: Given): Promise<Namespace> {
  const { name = words[0], path, pid, container } = options;
  if (name !== undefined) return openNamed(String(name), directoryOf(options));
  if (path !== undefined) return openPath(String(path));
  if (pid !== undefined) return openPid(processId(exec, String(pid)));
  return await openContainer(String(container));
}

/** Runs the program in one namespace after the other; the first failure is the exit code. */
function inAll({ options, program }: Given): number {
  const [self, ...selfArgs] = ownCommand() as [string, ...string[]];
  const flags = options["no-mount"] === true ? ["--no-mount"] : [];
  const { dir } = directoryOf(options);
  if (dir !== undefined) flags.push(`--dir=${dir}`);
  let worst = 0;
  for (const { name, stale } of listNamed(directoryOf(options))) {
    if (stale) continue;
    print("");
    print(`netns: ${name}`);
    const args = [...selfArgs, "exec", ...flags, `--name=${name}`, "--", ...program];
    const { status, signal } = spawnSync(self, args, { stdio: "inherit" });
    worst ||= status ?? 128 + constants.signals[signal!];
  }
  return worst;
}
