/**
 * Loads modules of the user in a namespace thread.
 *
 * @module
 */

import process from "node:process";
import { NetNSError } from "../../errors.ts";
import { load } from "./host.ts";

/** A loaded module. */
export type Module = Readonly<Record<string, unknown>>;

/** Imports a module by its absolute URL. */
export async function importModule(url: string): Promise<Module> {
  try {
    return await load(url) as Module;
  } catch (cause) {
    const hint = hintFor(cause);
    if (hint === undefined) throw cause;
    throw new NetNSError(`Cannot import "${url}" in a namespace thread`, {
      code: "ERR_NETNS_UNSUPPORTED",
      path: url,
      hint,
      cause,
    });
  }
}

/** The names of the functions that a module exports. */
export function exportedFunctions(module: Module): string[] {
  return Object.keys(module).filter((name) => typeof module[name] === "function");
}

function hintFor(cause: unknown): string | undefined {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return `Node ${process.version} loads no TypeScript in threads, not even under tsx: import a ` +
      "built .js file, or use Node 22.18 or later, Deno or Bun";
  }
  if (code === "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING") {
    return "Node loads no TypeScript from node_modules: import a built .js file";
  }
  if (typeof message === "string" && message.startsWith("Requires read access")) {
    return "allow Deno to read the module: --allow-read";
  }
  return undefined;
}
