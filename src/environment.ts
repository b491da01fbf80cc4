/**
 * The environment of the process, where it may be read.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { wrongType } from "./check.ts";

/**
 * A variable; `undefined` when it is unset or empty, and in Deno when it may not be read, as asking
 * could prompt.
 */
export function environmentVariable(variable: string): string | undefined {
  if ("Deno" in globalThis) {
    const { state } = Deno.permissions.querySync({ name: "env", variable });
    return state === "granted" ? Deno.env.get(variable) || undefined : undefined;
  }
  return builtin.process.env[variable] || undefined;
}

/** Requires `undefined`, or an environment that a program can have. */
export function checkEnvironment(name: string, env: unknown): void {
  if (env === undefined) return;
  if (typeof env !== "object" || env === null) throw wrongType(name, "an object", env);
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (typeof value !== "string" || `${variable}${value}`.includes("\0")) {
      throw wrongType(`${name}.${variable}`, "a string without NUL", value);
    }
  }
}

/** An environment as execve(2) takes it: each `NAME=VALUE`. */
export function environmentList(
  env: Record<string, string | undefined> = builtin.process.env,
): string[] {
  const list: string[] = [];
  for (const name of Object.keys(env)) {
    const value = env[name];
    if (value !== undefined) list.push(`${name}=${value}`);
  }
  return list;
}
