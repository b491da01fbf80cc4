/**
 * The JavaScript that is published.
 *
 * @module
 */

import { build, type Plugin } from "esbuild";
import { pathToFileURL } from "node:url";
import { root } from "../tests/runner/runtimes.ts";

/** Writes each text of a program as one literal, as to join its lines is a part of each start. */
const texts: Plugin = {
  name: "texts",
  setup({ onLoad }) {
    onLoad({ filter: /\/program\.ts$/ }, async ({ path }) => {
      const texts = Object.entries(await import(pathToFileURL(path).href));
      const lines = texts.map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};`);
      return { contents: lines.join("\n"), loader: "js" };
    });
  },
};

/**
 * Writes the JavaScript of entry points and of what they reach. One file loads several times faster
 * than the hundreds of modules that it is made of; what is imported when it is used is a file of its
 * own.
 */
export async function bundleLibrary(entryPoints: string[], directory: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints,
    outbase: root,
    outdir: directory,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "es2022",
    charset: "utf8",
    external: ["koffi", "bun:ffi", "@viz-js/viz"],
    plugins: [texts],
    logLevel: "warning",
  });
}
