import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { skipAny, skipButOnce, skipIf, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { type RuntimeName, runtimeNames } from "../runner/runtimes.ts";
import {
  assertAllRight,
  installProject,
  koffiPackages,
  pack,
  program,
  runFile,
  succeed,
  tool,
} from "./project.ts";

const skip = skipAny(
  skipButOnce(),
  skipUnlessPrivileged(),
);

let directory = "";
const user = () => path.join(directory, "user");

if (skip === false) {
  before(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "netns-bundles-"));
    await installProject(user(), [await pack(directory), ...koffiPackages()]);
  });
  after(() => fs.rmSync(directory, { recursive: true, force: true }));
}

/** A directory in which a bundle finds koffi, which cannot be bundled, and nothing else. */
function elsewhere(): string {
  const place = fs.mkdtempSync(path.join(directory, "elsewhere-"));
  for (const name of ["koffi", "@koromix"]) {
    fs.cpSync(path.join(user(), "node_modules", name), path.join(place, "node_modules", name), {
      recursive: true,
    });
  }
  return place;
}

const esbuild = [tool("esbuild"), "smoke.js", "--bundle", "--platform=node", "--log-level=error"];
const bun = [tool("bun"), "build", "smoke.js"];

/** The bundlers, and on which runtimes their output is to run. */
const bundles: readonly (readonly [string, string, string[], readonly RuntimeName[]])[] = [
  ["esbuild", "bundle.mjs", [...esbuild, "--format=esm"], runtimeNames],
  ["esbuild --minify", "small.mjs", [...esbuild, "--format=esm", "--minify"], runtimeNames],
  ["esbuild --format=cjs", "bundle.cjs", [...esbuild, "--format=cjs"], ["node", "node26", "bun"]],
  ["bun build", "bun.mjs", [...bun, "--target=bun"], ["bun"]],
  ["bun build --minify", "bun-small.mjs", [...bun, "--target=bun", "--minify"], ["bun"]],
  ["bun build --target=node", "node.mjs", [...bun, "--target=node"], ["node", "node26"]],
];

for (const [bundler, file, command, runtimes] of bundles) {
  test(`a bundle of ${bundler} runs from elsewhere`, { skip }, async () => {
    const bundle = path.join(elsewhere(), file);
    await succeed([...command, `--outfile=${bundle}`], user());
    for (const name of runtimes) {
      if (program(name)) await assertAllRight(runFile(name, bundle));
    }
  });
}

test("a program of bun build --compile runs from elsewhere", {
  skip: skipAny(skip, skipIf(!program("bun"), "bun is not installed")),
}, async () => {
  const executable = path.join(elsewhere(), "smoke");
  await succeed([...bun, "--compile", `--outfile=${executable}`], user());
  await assertAllRight([executable]);
});
