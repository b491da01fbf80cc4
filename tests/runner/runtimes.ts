/**
 * The runtimes of the suite: what each is, and how it runs one test file.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findCommand } from "../helpers/requirements.ts";
import { usualLimit } from "../helpers/time_limit.ts";

/** The project's directory. */
export const root: string = path.resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Names of runtimes, as on the command line. */
export const runtimeNames = ["node", "node26", "deno", "bun"] as const;

/** A runtime of the suite. */
export type RuntimeName = (typeof runtimeNames)[number];

/**
 * Takes `node_modules/.bin` off the PATH, where npm puts it first: the package with Node 26 has a
 * `node` there, which is not the one that the user has.
 */
export function leaveModulesPath(): void {
  const directories = (process.env["PATH"] ?? "").split(":");
  process.env["PATH"] = directories.filter((one) => !isInModules(one)).join(":");
}

function isInModules(file: string): boolean {
  return file.split("/").includes("node_modules");
}

/** The user's Node, also where npm let another one run this program. */
function usersNode(): string {
  const candidates = [process.execPath, process.env["npm_node_execpath"], findCommand("node")];
  return candidates.find((file) => file !== undefined && !isInModules(file)) ?? process.execPath;
}

/** The program of a runtime, or why there is none. */
export function findRuntime(name: RuntimeName): { program: string } | { missing: string } {
  if (name === "node") return { program: usersNode() };
  const program = name === "node26"
    ? path.join(root, "node_modules/node26/bin/node")
    : path.join(root, "node_modules/.bin", name);
  if (fs.existsSync(program)) return { program };
  const missing = name === "node26"
    ? `no Node 26 binary is installed for ${process.platform}-${process.arch}`
    : `${name} is not installed: run npm ci`;
  return { missing };
}

/** The version that a runtime's program says it is. */
export function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout ?? "")?.[0] ?? "of unknown version";
}

/** The arguments with which a runtime runs a test file and writes a JUnit report. */
export function testArguments(
  name: RuntimeName,
  file: string,
  report: string,
  timeScale: number,
): string[] {
  // Without --test, Node runs the tests in this very process, which ends when it is killed.
  const nodeReports = [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${report}`,
  ];
  switch (name) {
    case "node":
      return ["--import", "tsx", ...nodeReports, file];
    case "node26":
      return [...nodeReports, file];
    case "deno":
      return ["test", "-A", "--no-check", "--no-lock", `--junit-path=${report}`, file];
    case "bun":
      return [
        "test",
        "--timeout",
        String(usualLimit * timeScale),
        "--reporter=junit",
        `--reporter-outfile=${report}`,
        `./${file}`,
      ];
  }
}
