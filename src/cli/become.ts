/**
 * How commands become a program, or run one: `netns exec`, `run` and `rootless`.
 *
 * @module
 */

import process from "node:process";
import type { CString } from "../../ffi/libc.ts";
import { isNetNSError } from "../errors.ts";
import { becomeInside, runInside } from "../execvp.ts";
import type { Namespace } from "../namespace.ts";
import type { Program } from "../execve.ts";
import { type ProgramState, requireDescriptors } from "../program_state.ts";
import { type Command, type Given, type Option, UsageError } from "./command.ts";
import { exactEnvironment } from "./exact_strings.ts";
import { printError, printWarning } from "./output.ts";

/** Options of how a program is started. */
export const startOptions: { readonly [Name in "no-mount" | "preserve-fds"]: Option } = {
  "no-mount": { type: "boolean", help: "keep /sys and /etc as they are" },
  "preserve-fds": {
    type: "string",
    value: "N",
    help: "pass descriptors 3 to 2+N on; those of systemd's LISTEN_FDS are",
  },
};

/** What of this process the program finds; throws where it cannot have that. */
export function stateOf(command: Command, options: Given["options"]): ProgramState {
  const given = options["preserve-fds"] ?? "0";
  if (!isCount(given)) throw new UsageError(`"${given}" is no number of descriptors`, command);
  const preserveFds = Math.max(Number(given), activatedSockets());
  requireDescriptors(preserveFds);
  return {
    mount: options["no-mount"] !== true,
    preserveFds,
    onWarning: ({ message, hint }) => printWarning(message, hint),
  };
}

/** How many sockets systemd passes to this process, as sd_listen_fds(3) tells. */
function activatedSockets(): number {
  const { LISTEN_PID, LISTEN_FDS } = process.env;
  return LISTEN_PID === String(process.pid) && isCount(LISTEN_FDS) ? Number(LISTEN_FDS) : 0;
}

function isCount(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,9}$/.test(value);
}

/** Replaces this process by a program; the exit code where that fails. */
export function become(
  namespace: Namespace,
  words: readonly CString[],
  state: ProgramState,
): number {
  return orShellCode(() => becomeInside(namespace, programOf(words), state));
}

/** Runs a program as a child to its end; its exit code, as a shell tells it. */
export function runToEnd(
  namespace: Namespace,
  words: readonly CString[],
  state: ProgramState,
): number {
  return orShellCode(() => {
    const status = runInside(namespace, programOf(words), state);
    const signal = status & 0x7f;
    return signal === 0 ? status >> 8 & 0xff : 128 + signal;
  });
}

function programOf([command, ...args]: readonly CString[]): Program {
  return { command: command!, args, environment: exactEnvironment() };
}

/** The exit code of a program; a shell's where it cannot be started. */
function orShellCode(run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (!isNetNSError(error) || error.syscall !== "execve") throw error;
    printError(error.message, error.hint);
    return error.code === "ENOENT" ? 127 : 126;
  }
}
