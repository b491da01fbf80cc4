/**
 * The JavaScript that is published.
 *
 * @module
 */

import { build } from "esbuild";
import { root } from "../tests/runner/runtimes.ts";

/**
 * Writes the JavaScript of entry points and of what they reach. One file loads several times faster
 * than the hundreds of modules that it is made of.
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
    logLevel: "warning",
  });
}
