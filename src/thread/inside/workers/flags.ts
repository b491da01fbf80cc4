/**
 * The flags by which Workers of Node run a module before the program.
 *
 * @module
 */

import process from "node:process";
import { bootstrap } from "./bootstrap.ts";

/** The module of a Worker that has flags of its own. */
export function preload(): string {
  const text = `import{createRequire}from"node:module";${bootstrap('createRequire("/netns")')}`;
  return "data:text/javascript," + encodeURIComponent(text);
}

/** The module of a Worker that has those of the thread which starts it. */
export function inheriting(): string {
  return `${preload()}//inheriting`;
}

/** Shows the program in a Worker the flags that it would have without what contains it. */
export function restoreFlags(inherited: readonly string[]): void {
  const { execArgv } = process;
  if (execArgv.at(-1) === inheriting()) process.execArgv = [...inherited];
  else if (execArgv.at(-1) === preload()) process.execArgv = execArgv.slice(0, -2);
}
