/**
 * Bundles the programs of threads, each into one text, and writes the man page of the command.
 *
 * @module
 */

import { build } from "esbuild";
import fs from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { manPage } from "./man_page.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The program of a kind of thread: `inside/main.ts` of its directory, as text in `program.ts`. */
export interface Program {
  /** What runs it. */
  readonly thread: string;
  /** Where its sources and its text are. */
  readonly directory: string;
  /** The parameters, where the text is a function rather than a CommonJS module. */
  readonly parameters?: string;
}

/** The programs of the library. */
export const programs: readonly Program[] = [
  {
    thread: "a namespace thread",
    directory: "src/thread",
    parameters: "require, netnsHost, netnsContainment",
  },
  { thread: "the poll thread", directory: "src/poll" },
];

/** The text of a program; at its end a source map, when that is asked for. */
export async function bundle(
  { directory, parameters }: Program,
  options: { sourcemap?: "inline" } = {},
): Promise<string> {
  const result = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [`${directory}/inside/main.ts`],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "es2022",
    minifySyntax: true,
    keepNames: false,
    charset: "utf8",
    external: ["koffi", "bun:ffi"],
    banner: { js: parameters === undefined ? late : `(function (${parameters}) { ${late}` },
    footer: { js: parameters === undefined ? "" : "})" },
    legalComments: "none",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return loadLate(result.outputFiles[0]!.text.trim());
}

/** Loads a built-in module when it is used. */
const late = "const late = (id) => { let it; return () => it ??= require(id); };";

/**
 * Has built-in modules loaded when they are used: most are not in most threads, and loading takes
 * longer than all else that a thread does at its start. Lines keep their numbers.
 */
function loadLate(program: string): string {
  const declarations = /\b(import_node_\w+) = (?:__toESM\()?require\("(node:[\w/]+)"\)(?:, 1\))?/g;
  const names = [...program.matchAll(declarations)].map(([, name]) => name!);
  const uses = new RegExp(`\\b(${names.join("|")})\\b(?!\\(\\) = )(?:\\.default\\b)?`, "g");
  return program.replace(declarations, '$1() = late("$2")').replace(uses, "($1())")
    .replace(/\(?\b(import_node_\w+)\(\)\)? = /g, "$1 = ");
}

/** The text of `program.ts` as the sources demand it. */
export async function generate(program: Program): Promise<string> {
  // A line of the program is a line of the file, for those who read it and its changes.
  const lines = (await bundle(program)).split("\n").map((line) => `  ${JSON.stringify(line)},\n`);
  const form = program.parameters === undefined
    ? "CommonJS, for `new Worker(program, { eval: true })`"
    : `a function of ${program.parameters}`;
  return `// Generated from ${program.directory}/inside by \`npm run generate\`; do not edit.
// deno-fmt-ignore-file

/** The program of ${program.thread}: ${form}. */
export const program: string = [
${lines.join("")}].join("\\n");
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const program of programs) {
    fs.writeFileSync(`${root}/${program.directory}/program.ts`, await generate(program));
  }
  fs.writeFileSync(`${root}/man/netns.1`, await manPage());
}
