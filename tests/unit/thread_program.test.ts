import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { generate, programs } from "../../scripts/generate.ts";

for (const program of programs) {
  test(`the program of ${program.thread} is what its sources bundle to`, async () => {
    // After a change in src/thread, src/poll or ffi: npm run generate.
    const file = new URL(`../../${program.directory}/program.ts`, import.meta.url);
    assert.equal(fs.readFileSync(file, "utf8"), await generate(program));
  });
}
