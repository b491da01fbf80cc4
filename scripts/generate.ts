/**
 * Bundles the program of a namespace thread into src/thread/program.ts.
 *
 * @module
 */

import { build } from "esbuild";
import fs from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}/src/thread/program.ts`;

/** The program of a namespace thread; at its end a source map, when that is asked for. */
export async function bundle(options: { sourcemap?: "inline" } = {}): Promise<string> {
  const result = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: ["src/thread/inside/main.ts"],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "es2022",
    minifySyntax: true,
    keepNames: false,
    charset: "utf8",
    external: ["koffi", "bun:ffi"],
    legalComments: "none",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return result.outputFiles[0]!.text.trim();
}

/** The text of src/thread/program.ts as the sources demand it. */
export async function generate(): Promise<string> {
  // A line of the program is a line of the file, for those who read it and its changes.
  const lines = (await bundle()).split("\n").map((line) => `  ${JSON.stringify(line)},\n`);
  return `// Generated from src/thread/inside by \`npm run generate\`; do not edit.
// deno-fmt-ignore-file

/** The program of a namespace thread: CommonJS, for \`new Worker(program, { eval: true })\`. */
export const program: string = [
${lines.join("")}].join("\\n");
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  fs.writeFileSync(target, await generate());
}
