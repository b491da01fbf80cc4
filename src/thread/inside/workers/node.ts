/**
 * Workers of Node. They run a module before the program, but for the text of a CommonJS program,
 * which has to begin with what contains it.
 *
 * @module
 */

import process from "node:process";
import { bootstrap } from "./bootstrap.ts";
import { inheriting, preload } from "./flags.ts";
import type { ConstructWorker } from "./worker_class.ts";

interface Options {
  eval?: boolean;
  execArgv?: unknown;
}

/** Starts a contained Worker. */
export function constructOnNode(
  ...[own, args, newTarget]: Parameters<ConstructWorker>
): object {
  const [program, options] = args as [unknown, Options | undefined];
  const contained = options?.eval && typeof program === "string" ? prefix(program) : program;
  const make = (execArgv: unknown) =>
    Reflect.construct(own, [contained, { ...options, execArgv }], newTarget);
  const execArgv = options?.execArgv;
  if (!execArgv) return makeWithInherited(make);
  return make(Array.isArray(execArgv) ? [...execArgv, "--import", preload()] : execArgv);
}

/** The text of a CommonJS program that contains itself. Lines keep their numbers. */
function prefix(program: string): string {
  const text = program.replace(/^#!/, "//");
  const strict = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*(["'])use strict\1/.test(text);
  return (strict ? '"use strict";' : "") + bootstrap("require") + text;
}

/** Passes the flags of this thread on. Those that only a process can have hold there anyway. */
function makeWithInherited(make: (execArgv: string[]) => object): object {
  const { execArgv } = process;
  try {
    return make([...execArgv, "--import", inheriting()]);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_WORKER_INVALID_EXEC_ARGV") throw error;
    const invalid = new Set(message.replace(/^.*?: /, "").split(", "));
    return make([...execArgv.filter((flag) => !invalid.has(flag)), "--import", inheriting()]);
  }
}
