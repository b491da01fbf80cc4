/**
 * How this command, or another program of JavaScript, is started once more.
 *
 * @module
 */

import process from "node:process";

/** The runtime of this process, with its own arguments. */
export function runtimeCommand(): string[] {
  const args = "Deno" in globalThis ? ["run", "-A"] : process.execArgv;
  return [process.execPath, ...args];
}

/** This command. */
export function ownCommand(): string[] {
  const { Deno } = globalThis as { Deno?: { mainModule: string } };
  return [...runtimeCommand(), Deno?.mainModule ?? process.argv[1]!];
}
