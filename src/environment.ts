/**
 * The environment of the process, where it may be read.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";

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
