import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { bundle, bundleLate, generate, programs } from "../../scripts/generate.ts";

for (const program of programs) {
  test(`the program of ${program.thread} is what its sources bundle to`, async () => {
    // After a change in src/thread, src/poll or ffi: npm run generate.
    const file = new URL(`../../${program.directory}/program.ts`, import.meta.url);
    assert.equal(fs.readFileSync(file, "utf8"), await generate(program));
  });
}

/** What is the same twice: a cache. */
const mayBeTwice = ["src/errors.ts"];

for (const program of programs.filter(({ late }) => late !== undefined)) {
  test(`no state of ${program.thread} is there twice`, async () => {
    const [first, second] = [
      modulesOf(await bundle(program)),
      modulesOf(await bundleLate(program)),
    ];
    const both = [...first].filter((module) =>
      second.has(module) && !program.late!.includes(module)
    );
    assert.ok(both.length > 0);
    const keepState = both.filter((module) =>
      /^(export )?(let |const \w+(: [^=]+)? = new (Weak)?(Map|Set)\b)/m.test(
        fs.readFileSync(new URL(`../../${module}`, import.meta.url), "utf8"),
      )
    );
    assert.deepEqual(keepState, mayBeTwice);
  });
}

/** The modules in a bundle: each begins with its path. */
function modulesOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^\s*\/\/ ((?:src|ffi)\/\S+\.ts)$/gm)].map(([, module]) => module!),
  );
}
