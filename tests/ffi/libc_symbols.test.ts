import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { libraryNames, libraryPaths } from "../../ffi/library_names.ts";
import { symbols } from "../../ffi/symbols.ts";
import { dynamicSymbols } from "../helpers/elf.ts";
import { skipIf } from "../helpers/requirements.ts";

/** What the adapters look up besides the table: errno's place, and in Deno a copy of it. */
const called = Object.entries(symbols).map(([name, { symbol }]) => symbol ?? name);
const needed = [...called, "__errno_location", "memcpy"];

for (const libc of ["glibc", "musl"] as const) {
  const file = libraryPaths().find((path) =>
    path.includes("musl") === (libc === "musl") && fs.existsSync(path)
  );
  test(`${libc} has every function that is called`, {
    skip: skipIf(file === undefined, `${libc} is not installed`),
  }, () => {
    const present = dynamicSymbols(file!);
    assert.deepEqual(needed.filter((name) => !present.has(name)), []);
    assert.ok(!present.has("no_such_function"));
  });
}

test("a library that the user names is the only one tried", () => {
  assert.deepEqual(libraryNames("/opt/libc.so"), ["/opt/libc.so"]);
  assert.deepEqual(libraryNames().slice(2), libraryPaths());
});
