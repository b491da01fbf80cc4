/**
 * The environment of a namespace thread: that of the process, without the proxies of the network
 * that the process is in.
 *
 * @module
 */

import process from "node:process";

const names = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
const variables = [...names, ...names.map((name) => name.toUpperCase())];

/**
 * The environment for a new thread.
 *
 * @returns A copy; undefined when the thread may have that of the process: no proxy is set, or
 * Deno does not let the environment be read.
 */
export function threadEnvironment(): NodeJS.ProcessEnv | undefined {
  if (!hasProxy()) return undefined;
  const env = { ...process.env };
  for (const variable of variables) delete env[variable];
  return env;
}

/** Whether the environment of the process, which in Deno all threads share, names proxies. */
export function hasProxy(): boolean {
  if (!("Deno" in globalThis)) return variables.some((name) => process.env[name]);
  const { state } = Deno.permissions.querySync({ name: "env" });
  return state === "granted" && variables.some((name) => Deno.env.get(name));
}
