/**
 * Checks what would be published, by the tools that know: npm's list of files, publint, are the
 * types wrong, and JSR's own check.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { root } from "../tests/runner/runtimes.ts";

const bin = path.join(root, "node_modules/.bin");

/** Runs a command in the project; what it prints. */
function run(program: string, ...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { ok: status === 0, output: error?.message ?? `${stdout}${stderr}` };
}

/** Whether the tarball has the built files and the pages, and nothing else. */
function checkFiles(): { ok: boolean; output: string } {
  const { ok, output } = run("npm", "pack", "--dry-run", "--json", "--ignore-scripts", "--silent");
  if (!ok) return { ok, output };
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  const paths = files.map((file) => file.path);
  const expected = [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "package.json",
    "dist/mod.js",
    "dist/src/cli/main.js",
    "man/netns.1",
  ];
  const problems = [
    ...expected.filter((file) => !paths.includes(file)).map((file) => `${file} is missing`),
    ...paths.filter((file) => !expected.includes(file) && !/^dist\/.+\.(js|d\.ts)$/.test(file))
      .map((file) => `${file} does not belong there`),
  ];
  return { ok: problems.length === 0, output: problems.join("\n") };
}

const checks: readonly (readonly [name: string, check: () => { ok: boolean; output: string }])[] = [
  ["build", () => run(path.join(bin, "tsx"), "scripts/build.ts")],
  ["npm pack", checkFiles],
  ["publint", () => run(path.join(bin, "publint"), "--strict", "--pack=false")],
  [
    "attw",
    () => run(path.join(bin, "attw"), "--pack", ".", "--profile", "esm-only", "--no-emoji"),
  ],
  [
    "deno publish",
    () => run(path.join(bin, "deno"), "publish", "--dry-run", "--allow-dirty", "--quiet"),
  ],
];

for (const [name, check] of checks) {
  const { ok, output } = check();
  console.log(`${ok ? "ok  " : "FAIL"} ${name}`);
  if (ok) continue;
  console.log(output);
  process.exitCode = 1;
}
