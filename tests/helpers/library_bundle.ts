/**
 * The library as a bundler leaves it: in one file.
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
const directory = path.join(root, "tests", `.library-${runtime}-${process.pid}`);

/** The tool that bundles. */
export type Bundler = "esbuild" | "bun";

/**
 * Bundles a program, for the time of a test; without one, the library as a CommonJS module. The
 * file is where packages of the project are found.
 */
export async function withLibrary<T>(
  run: (file: string) => T | Promise<T>,
  { bundler = "esbuild", program }: { bundler?: Bundler; program?: string } = {},
): Promise<T> {
  fs.mkdirSync(directory, { recursive: true });
  const entry = path.join(directory, "program.ts");
  const file = path.join(directory, "bundle.cjs");
  fs.writeFileSync(entry, program ?? 'export * from "../../mod.ts";');
  const tool = path.join(root, "node_modules/.bin", bundler);
  const external = ["--external=bun:ffi", "--external=koffi", "--external=node:ffi"];
  const args = bundler === "bun"
    ? ["build", entry, "--target=node", "--format=cjs", ...external, `--outfile=${file}`]
    : [
      entry,
      "--bundle",
      "--platform=node",
      "--format=cjs",
      ...external.map((flag) => flag.replace("=", ":")),
      "--log-level=error",
      `--outfile=${file}`,
    ];
  try {
    execFileSync(tool, args, { stdio: ["ignore", "ignore", "inherit"] });
    return await run(file);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
