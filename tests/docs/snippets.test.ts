import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import test, { type TestOptions } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";
import { usualLimit } from "../helpers/time_limit.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Inside the project, so that types and packages resolve as for its own files.
const directory = path.join(root, "tests", "docs", `.snippets-${runtime}-${process.pid}`);

interface Snippet {
  source: string;
  line: number;
  code: string;
}

/** The ```ts blocks of a Markdown text, or of the docstrings of a module. */
function snippetsOf(source: string): Snippet[] {
  const lines = fs.readFileSync(path.join(root, source), "utf8").split("\n")
    .map((line) => source.endsWith(".ts") ? line.replace(/^\s*\* ?/, "") : line);
  const snippets: Snippet[] = [];
  for (let index = 0; index < lines.length; index++) {
    if (lines[index] !== "```ts") continue;
    const end = lines.indexOf("```", index);
    snippets.push({ source, line: index + 2, code: lines.slice(index + 1, end).join("\n") });
    index = end;
  }
  return snippets;
}

function filesWithSnippets(): string[] {
  const modules = fs.readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith("program.ts"))
    .map((file) => `src/${file}`);
  const pages = fs.readdirSync(path.join(root, "docs")).filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`);
  return ["README.md", "mod.ts", ...modules, ...pages]
    .filter((file) => fs.existsSync(path.join(root, file)));
}

function write({ source, line, code }: Snippet): string {
  const file = path.join(directory, `${source.replace(/\W/g, "_")}_${line}.ts`);
  const body = code.replaceAll('"@netns/netns"', '"../../../mod.ts"');
  fs.writeFileSync(file, `${body}\nexport {};\n`);
  return file;
}

const testWithoutCheck: typeof leakChecked = (name: string, options: unknown, run?: unknown) => {
  test(name, options as TestOptions, run as () => Promise<void>);
};

/** Removes what runs that were killed have left. */
function removeLeftovers(): void {
  const parent = path.dirname(directory);
  for (const name of fs.readdirSync(parent)) {
    const pid = /^\.snippets-.*-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || fs.existsSync(`/proc/${pid}`)) continue;
    fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

removeLeftovers();
const snippets = filesWithSnippets().flatMap(snippetsOf);
fs.mkdirSync(directory, { recursive: true });
process.on("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
const files = snippets.map(write);

test("there are snippets to run", () => {
  assert.ok(snippets.length > 40, `${snippets.length} snippets`);
});

for (const [index, { source, line, code }] of snippets.entries()) {
  // A duplicated descriptor is the caller's, and Deno has no way to close one.
  const check = code.includes("dupFd()") ? testWithoutCheck : leakChecked;
  check(
    `${source}:${line} runs`,
    { skip: skipUnlessPrivileged(), timeout: usualLimit },
    async () => {
      await import(pathToFileURL(files[index]!).href);
    },
  );
}

test("the types of the snippets are right", {
  skip: skipOn(["node-ffi", "deno", "bun"], "the type check is the same on every runtime"),
  timeout: 2 * usualLimit,
}, () => {
  const config = path.join(directory, "tsconfig.json");
  fs.writeFileSync(
    config,
    JSON.stringify({ extends: "../../../tsconfig.json", include: ["*.ts"] }),
  );
  const tsc = path.join(root, "node_modules", ".bin", "tsc");
  const { stdout, status } = spawnSync(tsc, ["--noEmit", "-p", config], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

// Deno tells a test file nothing of the end of the process.
test("nothing is left of the snippets", () => {
  fs.rmSync(directory, { recursive: true, force: true });
  assert.ok(!fs.existsSync(directory));
});
