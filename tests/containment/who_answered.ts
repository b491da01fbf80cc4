/**
 * The tests of all rows at one temperature: the same servers are at home and inside, on the same
 * addresses, and each row asks from inside and then from the main thread, in a process of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import test, { after, before } from "node:test";
import { assertNoLeaks, type Snapshot, snapshot } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";
import { root, type RuntimeName } from "../runner/runtimes.ts";
import { askRows, type Question, type Result } from "./ask_rows.ts";
import { buildPrograms, type Programs } from "./build.ts";
import { isPending } from "./pending.ts";
import { Place } from "./place.ts";
import type { Temperature } from "./probe.ts";
import { groups, has } from "./rows/mod.ts";
import { cellOf, type Column, columnsVariable, readTable } from "./table.ts";

/** The runtime by its name in the suite. */
const suite: RuntimeName = runtime === "node-koffi"
  ? "node"
  : runtime === "node-ffi"
  ? "node26"
  : runtime;

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "unshare" }),
  skipWithout({ command: "getent" }),
);

interface Fixture {
  before: Snapshot;
  directory: string;
  programs: Programs;
  place: Place;
}

let fixture: Fixture | undefined;

/** Opens the place before the tests of the file, and closes it after them. */
export function usePlace(): void {
  if (skip !== false) return;
  before(async () => {
    const programs = await buildPrograms();
    const before = snapshot();
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "netns-who-"));
    fixture = { before, directory, programs, place: await Place.open(directory, programs.servers) };
  });
  after(async () => {
    const { before, directory, programs, place } = fixture!;
    await place.close();
    for (const one of [directory, programs.directory]) {
      fs.rmSync(one, { recursive: true, force: true });
    }
    await assertNoLeaks(before);
  });
}

/** Asks rows. */
export function ask(questions: readonly Question[]): Promise<Result[]> {
  return askRows(fixture!.place, fixture!.programs, questions);
}

/** Declares a test of the place. */
export function placeTest(name: string, run: () => Promise<void>): void {
  test(name, { skip, timeout: 600_000 }, run);
}

/** Declares the tests of all rows. */
export function testRows(temperature: Temperature): void {
  const seen: Record<string, string> = {};
  for (const { title, rows } of groups) {
    const asked = rows.filter((row) => has(suite, row) && !isPending(suite, row));
    if (asked.length === 0) continue;
    placeTest(
      `${title}: acts inside or refuses, and at home outside (${temperature})`,
      async () => {
        const results = await ask(asked.map(({ name }) => ({ name, temperature })));
        for (const { name, inside } of results) seen[name] = inside;
        const wrong = results.filter(({ problems }) => problems.length > 0);
        assert.deepEqual(wrong.map(({ name, problems }) => `${name}: ${problems.join("; ")}`), []);
      },
    );
  }
  placeTest(`docs/containment.md says what was seen (${temperature})`, async () => {
    const directory = process.env[columnsVariable];
    if (directory) writeColumn(path.join(directory, `${suite}-${temperature}.json`), seen);
    else assert.deepEqual(documented(), expected(seen));
    await Promise.resolve();
  });
}

function writeColumn(file: string, cells: Record<string, string>): void {
  const column: Column = { version: versionOfRuntime(), cells };
  fs.writeFileSync(file, JSON.stringify(column));
}

function versionOfRuntime(): string {
  const { deno, bun, node } = process.versions;
  return deno ?? bun ?? node;
}

function documented(): Record<string, string> {
  return readTable(fs.readFileSync(path.join(root, "docs/containment.md"), "utf8"), suite);
}

function expected(seen: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    groups.flatMap(({ rows }) => rows).map((row) => [row.name, cellOf(suite, row, seen[row.name])]),
  );
}
