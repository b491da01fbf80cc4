/**
 * How the contenders of a row are started.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import path from "node:path";
import { bundleLibrary } from "../../scripts/bundle_library.ts";
import { findRuntime, root, type RuntimeName } from "../runner/runtimes.ts";
import { buildDirectory, sources } from "./directory.ts";
import type { Setting } from "./measurement.ts";
import { findPeer, type Found } from "./peers.ts";
import type { Contender, Family } from "./row.ts";

/** Builds the library as it is published, and the program that measures it. */
export async function buildLibrary(): Promise<void> {
  const tsc = path.join(root, "node_modules/.bin/tsc");
  const args = ["--project", sources, "--outDir", libraryDirectory()];
  const { status, stdout } = spawnSync(tsc, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the library does not build:\n${stdout}`);
  await bundleLibrary(["mod.ts"], libraryDirectory());
}

function libraryDirectory(): string {
  return path.join(buildDirectory(), "library");
}

/** The command of a contender on a runtime. */
export function findCommandOf(
  { run }: Contender,
  runtime: RuntimeName,
  family: Family,
  setting: Setting,
): Found {
  if ("language" in run) return findPeer(run, setting);
  const found = findRuntime(runtime);
  if ("missing" in found) return found;
  const script = path.join(libraryDirectory(), "tests/bench/contender.js");
  const args = [script, family.name, run.measurement, JSON.stringify(setting)];
  return { command: [found.program, ...flags[runtime], ...args] };
}

const flags: Readonly<Record<RuntimeName, readonly string[]>> = {
  node: ["--expose-gc"],
  node26: ["--expose-gc"],
  deno: ["run", "-A", "--no-lock", "--v8-flags=--expose-gc"],
  bun: [],
};
