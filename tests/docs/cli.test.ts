/** What is written about the command is what it does. */

import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { manPage } from "../../scripts/man_page.ts";
import { commands } from "../../src/cli/commands/mod.ts";
import { version } from "../../src/cli/version.ts";

function read(file: string): string {
  return fs.readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

const shown = commands.filter(({ hidden }) => !hidden);

test("the man page is what the commands make it", () => {
  assert.equal(read("man/netns.1"), manPage());
});

test("the command tells the version of the package", () => {
  assert.equal(version, JSON.parse(read("package.json")).version);
});

test("docs/cli.md has each command and option, and no other command", () => {
  const page = read("docs/cli.md");
  const described = page.split(/^### /m).slice(1);
  const names = described.map((part) => /^`netns ([a-z-]+)/.exec(part)?.[1]);
  assert.deepEqual(names, shown.map(({ name }) => name));
  assert.match(page.split(/^## /m)[0]!, /--dir PATH/);
  shown.forEach(({ options = {}, aliases = [], example }, index) => {
    const flags = Object.keys(options).filter((name) => name !== "dir").map((name) => `--${name}`);
    for (const word of [...flags, ...aliases, example]) {
      assert.ok(described[index]!.includes(word), `${names[index]}: ${word} is missing`);
    }
  });
});

test("examples parse: each names a command that is there", () => {
  for (const { name, example } of shown) assert.match(example, new RegExp(`\\bnetns ${name}\\b`));
});
