/**
 * The runtime that the tests run on, and how to run another program on it.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { createRequire, isBuiltin } from "node:module";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { timeLimit, usualLimit } from "./time_limit.ts";

/** A runtime with the adapter that the library picks on it. */
export type Runtime = "node-koffi" | "node-ffi" | "deno" | "bun";

/** The runtime of this process. */
export const runtime: Runtime = "Deno" in globalThis
  ? "deno"
  : "Bun" in globalThis
  ? "bun"
  : isBuiltin("node:ffi")
  ? "node-ffi"
  : "node-koffi";

/**
 * The program that this process runs. Written so that Deno's node:child_process does not know it,
 * which adds `-A` to the arguments where it sees that Deno is started.
 */
export const executable: string = runtime === "deno"
  ? process.execPath.replace(/\/(?=[^/]*$)/, "/./")
  : process.execPath;

/** How {@linkcode scriptArguments} and {@linkcode runScript} start a program. */
export interface ScriptOptions {
  /**
   * Flags of the runtime, before the script. In Deno the default is all permissions (`-A`); with
   * `[]` there are none.
   */
  flags?: readonly string[];
  /** Arguments of the script. */
  args?: readonly string[];
}

/** The arguments with which {@linkcode executable} runs a file of TypeScript or JavaScript. */
export function scriptArguments(script: string | URL, options: ScriptOptions = {}): string[] {
  const file = typeof script === "string" ? script : fileURLToPath(script);
  const flags = options.flags ?? (runtime === "deno" ? ["-A"] : []);
  const args = options.args ?? [];
  if (runtime === "deno") return ["run", "--no-lock", ...flags, file, ...args];
  return [...flags, ...(file.endsWith(".js") ? [] : typescriptFlags()), file, ...args];
}

/** The flags with which {@linkcode executable} runs TypeScript. */
export function typescriptFlags(): string[] {
  return runtime === "node-koffi"
    ? ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href]
    : [];
}

/** What {@linkcode runScript} takes besides the way to start the program. */
export interface RunOptions extends ScriptOptions {
  cwd?: string;
  /** Set on top of the environment of this process; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** Put before the runtime's own command: `["unshare", "-m"]`. */
  prefix?: readonly string[];
  /** The program is killed after so many ms of a usual machine. Default: 120000. */
  timeout?: number;
}

/** How a program ended. */
export interface Outcome {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  signal: string | null;
}

/** Runs a TypeScript file in a process of its own on this runtime, without input. */
export function runScript(script: string | URL, options: RunOptions = {}): Promise<Outcome> {
  const command = [...options.prefix ?? [], executable, ...scriptArguments(script, options)];
  return runCommand(command, options);
}

/** Runs a command without input; resolves also when it fails. */
export function runCommand(
  command: readonly string[],
  { cwd, env, timeout = usualLimit }: Omit<RunOptions, keyof ScriptOptions | "prefix"> = {},
): Promise<Outcome> {
  const [file, ...args] = command as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: cwd ?? process.cwd(),
      env: environment(env),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeLimit(timeout),
      killSignal: "SIGKILL",
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => output[name] += text);
    }
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve({ ...output, exitCode, signal }));
  });
}

function environment(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const merged = { ...process.env, NO_COLOR: "1", ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
