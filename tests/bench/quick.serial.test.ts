/**
 * That the benchmarks run; not how fast anything is.
 *
 * @module
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { skipAny, skipButOnce, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { runtimeNames } from "../runner/runtimes.ts";
import type { RunResult } from "./result.ts";
import { families } from "./rows/mod.ts";

const skip = skipAny(skipButOnce(), skipUnlessPrivileged());

test(
  "a quick run gives a number for each row, or says what is missing",
  { skip },
  () =>
    inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, "run.json");
      const script = new URL("./run.ts", import.meta.url);
      const args = ["--quick", "--json", file];
      const { exitCode, stdout, stderr } = await runScript(script, { args, timeout: 600_000 });
      assert.equal(exitCode, 0, stdout + stderr);
      const { rows } = JSON.parse(fs.readFileSync(file, "utf8")) as RunResult;
      assert.deepEqual(
        rows.map((row) => row.title),
        families.flatMap((family) => family.rows.map((row) => row.title)),
      );
      for (const { title, cells } of rows) {
        for (const name of runtimeNames) {
          const cell = cells[name]!;
          if ("missing" in cell) {
            assert.ok(stdout.includes(`missing: ${cell.missing}`), `${title} on ${name}`);
          } else {
            assert.ok(Number.isFinite(cell.value), `${title} on ${name}`);
            assert.ok(cell.values.length > 0, `${title} on ${name}`);
          }
        }
      }
      assert.ok(rows.some(({ cells }) => runtimeNames.every((name) => "value" in cells[name]!)));
    }),
);
