/**
 * The command as it is published, built for a run of the suite: it starts several times faster than
 * its sources, and the tests of the command start it hundreds of times.
 *
 * @module
 */

import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { bundleLibrary } from "../../scripts/bundle_library.ts";
import { commandVariable } from "./command_variable.ts";
import { root } from "./runtimes.ts";

/** Builds the command; it goes away with this process. */
export async function buildCommand(): Promise<void> {
  const directory = fs.mkdtempSync(path.join(root, "tests/cli/.built-"));
  fs.chmodSync(directory, 0o755); // Ordinary users run it too.
  process.on("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  await bundleLibrary(["src/cli/main.ts"], directory);
  process.env[commandVariable] = path.join(directory, "src/cli/main.js");
}
