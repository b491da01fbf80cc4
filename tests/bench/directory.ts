/**
 * Where the programs of the benchmarks are, and where they are built.
 *
 * @module
 */

import fs from "node:fs";
import path from "node:path";
import { root } from "../runner/runtimes.ts";

/** The sources of the benchmarks. */
export const sources: string = path.join(root, "tests/bench");

/** The sources of the peers. */
export const peerSources: string = path.join(sources, "peers");

let built: string | undefined;

/** Where everything is built; made when it is first asked for. */
export function buildDirectory(): string {
  return built ??= fs.mkdtempSync(path.join(sources, ".built-"));
}

/** Takes away what was built. */
export function removeBuildDirectory(): void {
  if (built !== undefined) fs.rmSync(built, { recursive: true, force: true });
  built = undefined;
}
