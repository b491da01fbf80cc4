/**
 * Bundles the programs of threads, each into one text, and writes the man page of the command.
 *
 * @module
 */

import { build, type BuildOptions, type Plugin } from "esbuild";
import fs from "node:fs";
import path from "node:path";
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
  /**
   * Modules whose functions and classes are in a second text, which is evaluated when the first of
   * them is called.
   */
  readonly late?: readonly string[];
}

/** The programs of the library. */
export const programs: readonly Program[] = [
  {
    thread: "a namespace thread",
    directory: "src/thread",
    parameters: "require, netnsHost, netnsContainment",
    late: [
      "src/fetch/request_url.ts",
      "src/thread/clone_failure.ts",
      "src/thread/decode_value.ts",
      "src/thread/encode_value.ts",
      "src/thread/error_envelope.ts",
      "src/thread/inside/captured_variable.ts",
      "src/thread/inside/compile_error.ts",
      "src/thread/inside/fetch/connection.ts",
      "src/thread/inside/fetch/errors.ts",
      "src/thread/inside/fetch/fetch.ts",
      "src/thread/inside/fetch/proxy_refusal.ts",
      "src/thread/inside/fetch/request.ts",
      "src/thread/inside/fetch/served_fetches.ts",
      "src/thread/inside/files/refusal.ts",
      "src/thread/inside/import_module.ts",
      "src/thread/inside/inspector_refusal.ts",
      "src/thread/inside/names/bun_connect.ts",
      "src/thread/inside/names/bun_websocket.ts",
      "src/thread/inside/names/host_name.ts",
      "src/thread/inside/names/lookup_error.ts",
      "src/thread/inside/names/make_names.ts",
      "src/thread/inside/names/own_files.ts",
      "src/thread/inside/remote_handles.ts",
      "src/thread/inside/transpiler_helpers.ts",
      "src/thread/inside/where_by_libc.ts",
      "src/thread/inside/workers/bun.ts",
      "src/thread/inside/workers/node.ts",
      "src/thread/inside/wrong_namespace.ts",
    ],
  },
  { thread: "the poll thread", directory: "src/poll" },
];

/** The text of a program; at its end a source map, when that is asked for. */
export async function bundle(
  { directory, parameters, late = [] }: Program,
  options: { sourcemap?: "inline" } = {},
): Promise<string> {
  return await bundleText(
    { entryPoints: [`${directory}/inside/main.ts`], plugins: [callLate(late)], ...options },
    parameters,
  );
}

/** The text of the functions that a program evaluates late: a function that returns them. */
export async function bundleLate(
  { late = [] }: Program,
  options: { sourcemap?: "inline" } = {},
): Promise<string> {
  const contents = late.map((module) => `export * from "./${module}";\n`).join("");
  return await bundleText(
    { stdin: { contents, resolveDir: root }, ...options },
    "require, netnsHost, module",
    "return module.exports;",
  );
}

async function bundleText(
  options: BuildOptions,
  parameters: string | undefined,
  end = "",
): Promise<string> {
  const result = await build({
    ...options,
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "es2022",
    minifySyntax: true,
    keepNames: false,
    charset: "utf8",
    external: ["koffi", "bun:ffi"],
    banner: {
      js: parameters === undefined ? loadBuiltin : `(function (${parameters}) { ${loadBuiltin}`,
    },
    footer: { js: parameters === undefined ? "" : `${end}})` },
    legalComments: "none",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return loadLate(result.outputFiles![0]!.text.trim());
}

/** Puts functions that call those of the second text in place of modules. */
function callLate(modules: readonly string[]): Plugin {
  return {
    name: "late",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (!modules.includes(path.relative(root, file))) return undefined;
        const text = await fs.promises.readFile(file, "utf8");
        const names = [...text.matchAll(/^export (?:async )?(function|class) (\w+)/gm)];
        const others = /^export (?!type |interface |(?:async )?function |class )/m.test(text);
        if (others) throw new Error(`${file} exports more than functions and classes`);
        const calls = names.map(([, kind, name]) =>
          kind === "class"
            ? `export function ${name}(...args) { return new (late().${name})(...args); }\n`
            : `export const ${name} = (...args) => late().${name}(...args);\n`
        );
        const from = path.join(root, "src/thread/inside/late.ts");
        return { contents: `import { late } from ${JSON.stringify(from)};\n${calls.join("")}` };
      });
    },
  };
}

/**
 * Loads a built-in module when it is used. The global object is the same as `node:process`, for
 * which some runtimes open the standard streams.
 */
const loadBuiltin = "const netnsProcess = globalThis.process; " +
  "const netnsBuiltin = (id) => { let it; return () => it ??= require(id); };";

/**
 * Has built-in modules loaded when they are used: most are not in most threads, and loading takes
 * longer than all else that a thread does at its start. Lines keep their numbers.
 */
function loadLate(program: string): string {
  const declarations = /\b(import_node_\w+) = (?:__toESM\()?require\("(node:[\w/]+)"\)(?:, 1\))?/g;
  const names = [...program.matchAll(declarations)].map(([, name]) => name!);
  const uses = new RegExp(`\\b(${names.join("|")})\\b(?!\\(\\) = )(?:\\.default\\b)?`, "g");
  return program
    .replace(declarations, (_, name, id) => {
      return `${name}() = ${
        id === "node:process" ? "() => netnsProcess" : `netnsBuiltin("${id}")`
      }`;
    })
    .replace(uses, "($1())")
    .replace(/\(?\b(import_node_\w+)\(\)\)? = /g, "$1 = ");
}

/** The text of `program.ts` as the sources demand it. */
export async function generate(program: Program): Promise<string> {
  const form = program.parameters === undefined
    ? "CommonJS, for `new Worker(program, { eval: true })`"
    : `a function of ${program.parameters}`;
  const lateProgram = program.late === undefined ? "" : `
/** What that program evaluates when it uses it: a function of require, netnsHost, module. */
export const lateProgram: string = ${literal(await bundleLate(program))};
`;
  return `// Generated from ${program.directory}/inside by \`npm run generate\`; do not edit.
// deno-fmt-ignore-file

/** The program of ${program.thread}: ${form}. */
export const program: string = ${literal(await bundle(program))};
${lateProgram}`;
}

/** An expression of a text. A line of it is a line of the file, for those who read its changes. */
function literal(text: string): string {
  const lines = text.split("\n").map((line) => `  ${JSON.stringify(line)},\n`);
  return `[\n${lines.join("")}].join("\\n")`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const program of programs) {
    fs.writeFileSync(`${root}/${program.directory}/program.ts`, await generate(program));
  }
  fs.writeFileSync(`${root}/man/netns.1`, await manPage());
}
