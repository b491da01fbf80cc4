/**
 * The command as it is published, for Node 20: to load its sources by a transpiler takes most of a
 * second of processor time, each time.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runtime } from "./runtime.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles the command for the life of this process, where packages of the project are found. */
function build(): string {
  const outdir = path.join(root, "tests", `.command-${process.pid}`);
  process.on("exit", () => fs.rmSync(outdir, { recursive: true, force: true }));
  execFileSync(path.join(root, "node_modules/.bin/esbuild"), [
    path.join(root, "src/cli/main.ts"),
    `--outdir=${outdir}`,
    ...["--bundle", "--splitting", "--platform=node", "--format=esm", "--target=node20"],
    ...["--external:koffi", "--external:bun:ffi", "--external:@viz-js/viz", "--log-level=warning"],
  ]);
  return path.join(outdir, "main.js");
}

/**
 * The file of the bundled command; none where the sources are to be run. It is made as this module is
 * loaded, before any test looks at what this process holds.
 */
export const bundledCommand: string | undefined =
  runtime === "node-koffi" && process.env["NODE_V8_COVERAGE"] === undefined ? build() : undefined;
