/**
 * A project of somebody who uses the package: packed here, installed there, from local files alone.
 *
 * @module
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../helpers/runtime.ts";
import { findRuntime, root, type RuntimeName } from "../runner/runtimes.ts";

const programs = path.join(root, "tests/package/programs");

/** What the program smoke.js prints when everything is right. */
export const allRight = {
  moved: true,
  inDo: "inside",
  sum: 42,
  failure: "RangeError: from inside",
  back: true,
  closed: true,
};

/** What builds the package is run under this: all of them build it in one place. */
export const oneAtATime: readonly string[] = ["flock", path.join(root, "package.json")];

/** Builds and packs the package; the path of the tarball. */
export async function pack(directory: string): Promise<string> {
  const command = ["npm", "pack", "--silent", "--pack-destination", directory];
  const stdout = await succeed([...oneAtATime, ...command], root);
  return path.join(directory, stdout.trim().split("\n").at(-1)!);
}

/** Installs packages into a new project, whose programs are ours; without a registry. */
export async function installProject(directory: string, packages: string[]): Promise<void> {
  fs.mkdirSync(directory);
  fs.cpSync(programs, directory, { recursive: true });
  fs.writeFileSync(
    path.join(directory, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module" }),
  );
  await succeed([
    "npm",
    "install",
    "--offline",
    "--install-links",
    "--no-audit",
    "--no-fund",
    ...["--cache", path.join(directory, ".npm")],
    ...packages,
  ], directory);
}

/** The directories of koffi and of its binary for this machine. */
export function koffiPackages(): string[] {
  const modules = path.join(root, "node_modules");
  const binaries = fs.readdirSync(path.join(modules, "@koromix"));
  return ["koffi", ...binaries.map((name) => `@koromix/${name}`)]
    .map((name) => path.join(modules, name));
}

/** A tool of the project's development dependencies. */
export function tool(name: string): string {
  return path.join(root, "node_modules/.bin", name);
}

/** The program of a runtime; undefined where it is not installed. */
export function program(name: RuntimeName): string | undefined {
  const found = findRuntime(name);
  return "program" in found ? found.program : undefined;
}

/** The command that runs a JavaScript file. */
export function runFile(name: RuntimeName, file: string, flags: string[] = ["-A"]): string[] {
  return [program(name)!, ...(name === "deno" ? ["run", "--no-prompt", ...flags] : []), file];
}

/** Runs a command that must succeed; its output. It may wait for others that build the package. */
export async function succeed(command: string[], cwd: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(command, { cwd, timeout: 300_000 });
  assert.equal(exitCode, 0, `${command.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs the smoke program, built or not, away from any project. */
export async function assertAllRight(command: string[]): Promise<void> {
  assert.deepEqual(JSON.parse(await succeed(command, "/")), allRight);
}
