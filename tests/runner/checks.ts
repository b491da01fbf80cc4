/**
 * The checks of the source: types, lint, format.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { root } from "./runtimes.ts";

const checks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ["types", "tsc", "--noEmit"],
  ["lint", "deno", "lint", "--quiet"],
  ["format", "deno", "fmt", "--check", "--quiet"],
];

/** Runs the checks, printing a line for each; returns the names of those that failed. */
export function runChecks(): string[] {
  return checks.filter(([name, program, ...args]) => {
    const { status, stdout, stderr, error } = spawnSync(
      path.join(root, "node_modules/.bin", program),
      args,
      { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
    console.log(`${status === 0 ? "ok  " : "FAIL"} ${name}: ${[program, ...args].join(" ")}`);
    if (status !== 0) console.log(beginning(`${stdout}${stderr}${error?.message ?? ""}`));
    return status !== 0;
  }).map(([name]) => name);
}

/** The first lines of a text; a difference in format can be as long as the source. */
function beginning(text: string, most = 100): string {
  const lines = text.split("\n");
  if (lines.length <= most) return text;
  return [...lines.slice(0, most), `... and ${lines.length - most} more lines`].join("\n");
}
