/**
 * Builds `dist/`: JavaScript and declarations of what `mod.ts` and the command reach.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { root } from "../tests/runner/runtimes.ts";
import { bundleLibrary } from "./bundle_library.ts";

const dist = path.join(root, "dist");
fs.rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync(
  path.join(root, "node_modules/.bin/tsc"),
  ["--project", path.join(root, "tsconfig.build.json")],
  { stdio: "inherit" },
);
if (status === 0) {
  // Apart: in common they would be a dozen files, each of which takes a ms to load.
  await bundleLibrary(["mod.ts"], dist);
  await bundleLibrary(["src/cli/main.ts"], dist);
}
// npm does so for those who install the package, and not in a checkout.
if (status === 0) fs.chmodSync(path.join(dist, "src/cli/main.js"), 0o755);
process.exitCode = status ?? 1;
