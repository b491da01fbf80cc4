/**
 * `npm run test:containment [-- --write]`: who answers each API of the network, on every runtime.
 * With `--write` the table of docs/containment.md is made of what was seen; without, it is compared.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Column, columnsVariable, renderTable } from "../tests/containment/table.ts";
import { root, type RuntimeName, runtimeNames } from "../tests/runner/runtimes.ts";

const page = path.join(root, "docs/containment.md");

function runTests(): number {
  const args = ["scripts/test.ts", ...runtimeNames, "--only", "tests/containment/"];
  const { status } = spawnSync(path.join(root, "node_modules/.bin/tsx"), args, {
    cwd: root,
    stdio: "inherit",
  });
  return status ?? 1;
}

/** What both temperatures saw; the tests fail where they differ from a good answer. */
function readColumn(directory: string, name: RuntimeName): Column {
  const [cold, warm] = ["cold", "warm"].map((temperature): Column =>
    JSON.parse(fs.readFileSync(path.join(directory, `${name}-${temperature}.json`), "utf8"))
  ) as [Column, Column];
  const different = Object.keys(cold.cells).filter((row) => cold.cells[row] !== warm.cells[row]);
  if (different.length > 0) throw new Error(`${name} differs when warm: ${different.join("; ")}`);
  return cold;
}

function writeTable(): number {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "netns-containment-"));
  try {
    process.env[columnsVariable] = directory;
    const status = runTests();
    if (status !== 0) return status;
    const columns = Object.fromEntries(
      runtimeNames.map((name) => [name, readColumn(directory, name)]),
    ) as Record<RuntimeName, Column>;
    fs.writeFileSync(page, renderTable(fs.readFileSync(page, "utf8"), columns));
    const { status: formatted } = spawnSync(
      path.join(root, "node_modules/.bin/deno"),
      ["fmt", "--quiet", page],
      { cwd: root, stdio: "inherit" },
    );
    return formatted ?? 1;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
process.exitCode = values.write ? writeTable() : runTests();
