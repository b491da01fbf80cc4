/**
 * Who starts a process: on Node the library, as the runtime takes several times as long; elsewhere
 * the runtime.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { type Child, childOf } from "./child.ts";
import { environmentList } from "./environment.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { startPosixChild } from "./posix_child.ts";
import { spawnInside } from "./spawn.ts";

/** What a process gets. */
export interface ChildOptions {
  cwd: string | undefined;
  env: Record<string, string | undefined> | undefined;
  /** Whether its standard input is a pipe; /dev/null otherwise. */
  input: boolean;
}

/** Starts a process inside, with pipes for its output. */
export function startChild(
  namespace: Namespace,
  command: string,
  args: readonly string[],
  { cwd, env, input }: ChildOptions,
): Child {
  if (!mayStart() || (cwd !== undefined && !knowsDirectories())) {
    const stdio: ("ignore" | "pipe")[] = [input ? "pipe" : "ignore", "pipe", "pipe"];
    return childOf(spawnInside(namespace, command, args, { cwd, env, stdio }));
  }
  const environment = environmentList(env).map(wellFormed);
  const program = { command, args: args.map(wellFormed), environment };
  return startPosixChild(namespace, program, { cwd, input });
}

/** Whether this is Node, and permits it; it has its own error where it does not. */
function mayStart(): boolean {
  if ("Deno" in globalThis || "Bun" in globalThis) return false;
  const { permission } = builtin.process as { permission?: { has(scope: string): boolean } };
  return permission === undefined || permission.has("child");
}

/** Whether libc can start a process in another directory: glibc can since 2.29. */
function knowsDirectories(): boolean {
  try {
    return libc().posix_spawn_file_actions_addchdir_np !== undefined;
  } catch {
    return false;
  }
}

/** As the runtimes write such text in UTF-8. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text;
}
