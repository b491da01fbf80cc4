/**
 * The environment of a namespace thread: that of the process, without the proxies of the network
 * that the process is in.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";

const proxies = bothCases(["http_proxy", "https_proxy", "all_proxy"]);
const variables = [...proxies, ...bothCases(["no_proxy"])];

/**
 * The environment for a new thread.
 *
 * @returns A copy; undefined when the thread may have that of the process, of which Node and Bun
 * make a copy themselves, or when Deno does not let it be read.
 */
export function threadEnvironment(): NodeJS.ProcessEnv | undefined {
  const isDeno = "Deno" in globalThis;
  if (isDeno ? !isReadable() : !hasProxy()) return undefined;
  const env = { ...process.env };
  for (const variable of hasProxy() ? variables : []) delete env[variable];
  return env;
}

/**
 * Whether the environment of the process, which in Deno all threads share, names proxies.
 *
 * @param initial Gives the environment that the process was started with, where Deno does not let
 * the present one be read: `NAME=value` lines, ended by zero bytes.
 */
export function hasProxy(initial?: () => string): boolean {
  if (!("Deno" in globalThis)) return names((name) => builtin.process.env[name]);
  if (isReadable()) return names((name) => Deno.env.get(name));
  const lines = initial?.().split("\0") ?? [];
  return names((name) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1));
}

/** A variable of this thread's own environment; undefined where Deno does not let it be read. */
export function ownVariable(name: string): string | undefined {
  return !("Deno" in globalThis) || isReadable() ? builtin.process.env[name] : undefined;
}

function isReadable(): boolean {
  return Deno.permissions.querySync({ name: "env" }).state === "granted";
}

/** Whether one is named, whatever NO_PROXY says: Deno takes its `*` for names, not for addresses. */
function names(variable: (name: string) => string | undefined): boolean {
  return proxies.some((name) => variable(name));
}

function bothCases(lower: readonly string[]): string[] {
  return [...lower, ...lower.map((name) => name.toUpperCase())];
}
