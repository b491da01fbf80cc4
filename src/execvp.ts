/**
 * Replaces this process by a program that runs inside a namespace, as `ip netns exec` does.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { checkBoolean, checkInteger, checkOptions, wrongType } from "./check.ts";
import type { NetNSError } from "./errors.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";
import { becomeProgram, type Program, programError, runProgram } from "./execve.ts";
import { type ProgramState, requireDescriptors, withProgramState } from "./program_state.ts";
import { checkCommand } from "./spawn.ts";

/** How `ns.execvp()` starts the program. */
export interface ExecvpOptions {
  /**
   * The whole environment of the program.
   *
   * @default {process.env}
   */
  env?: Record<string, string | undefined> | undefined;
  /**
   * Whether the program gets a mount namespace of its own, with the namespace's /sys, and the files
   * of /etc/netns/NAME over those in /etc. These belong to names in /run/netns.
   *
   * @default {true}
   */
  mount?: boolean | undefined;
  /**
   * How many descriptors after the standard streams the program gets: those from 3 to 2 +
   * `preserveFds`, which must be open.
   *
   * @default {0}
   */
  preserveFds?: number | undefined;
  /**
   * Told of each file of /etc/netns/NAME that could not be mounted, before the program starts
   * without it. Called inside.
   *
   * @default prints it on stderr
   */
  onWarning?: ((warning: NetNSError) => void) | undefined;
}

/** Replaces the process; returns only by an error. */
export function execvpInside(
  namespace: Namespace,
  command: string,
  args: readonly string[] = [],
  options: ExecvpOptions = {},
): never {
  checkCommand(command, args);
  checkOptions("options", options, ["env", "mount", "preserveFds", "onWarning"]);
  checkBoolean("options.mount", options.mount);
  const { env = builtin.process.env, mount = true, preserveFds = 0, onWarning = printWarning } =
    options;
  checkInteger("options.preserveFds", preserveFds, 0);
  if (typeof onWarning !== "function") {
    throw wrongType("options.onWarning", "a function", onWarning);
  }
  const environment = checkEnvironment(env);
  requireDescriptors(preserveFds);
  becomeInside(namespace, { command, args, environment }, { mount, preserveFds, onWarning });
}

/** Replaces the process by a program that was checked. */
export function becomeInside(
  namespace: Namespace,
  program: Program,
  state: ProgramState,
): never {
  const result = inside(
    namespace,
    () => withProgramState(namespace, state, () => becomeProgram(program)),
  );
  throw programError(program, result);
}

/** Runs a program as a child to its end; its wait status as in wait(2). */
export function runInside(namespace: Namespace, program: Program, state: ProgramState): number {
  const result = inside(
    namespace,
    () => withProgramState(namespace, state, () => runProgram(program)),
  );
  if (result < 0) throw programError(program, result);
  return result;
}

/** At once, as the process that would print it later is no more. */
function printWarning({ message }: NetNSError): void {
  console.error(`NetNSWarning: ${message}`);
}

function checkEnvironment(env: unknown): string[] {
  if (typeof env !== "object" || env === null) throw wrongType("options.env", "an object", env);
  return Object.entries(env).filter(([, value]) => value !== undefined).map(([name, value]) => {
    if (typeof value !== "string" || /\0/.test(name + value)) {
      throw wrongType(`options.env.${name}`, "a string without NUL", value);
    }
    return `${name}=${value}`;
  });
}
