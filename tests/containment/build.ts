/**
 * Bundles the programs, so that each of hundreds of processes starts fast, and as a bundle that
 * does nothing on its own before the library does. They lie where the packages are found.
 *
 * @module
 */

import { build } from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runtime } from "../helpers/runtime.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Files of the programs. */
export interface Programs {
  directory: string;
  probe: string;
  servers: string;
  /** As a URL. */
  rows: string;
}

/** Bundles the programs into a new directory, which is the caller's to remove. */
export async function buildPrograms(): Promise<Programs> {
  const directory = fs.mkdtempSync(path.join(here, ".built-"));
  const source = (name: string) => path.join(here, `${name}.ts`);
  const common = {
    bundle: true,
    outdir: directory,
    platform: "node",
    target: "es2022",
    packages: "external",
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  } as const;
  await build({
    ...common,
    entryPoints: { rows: source("rows/mod"), ...entries(source, ["servers", "child", "worker"]) },
    format: "esm",
    outExtension: { ".js": ".mjs" },
  });
  // CommonJS is the colder start: the loader of modules uses the pool of threads.
  const probe = runtime === "deno"
    ? { format: "esm", outExtension: { ".js": ".mjs" } } as const
    : { format: "cjs", outExtension: { ".js": ".cjs" } } as const;
  await build({ ...common, entryPoints: { probe: source("probe") }, ...probe });
  return {
    directory,
    probe: path.join(directory, `probe${probe.outExtension[".js"]}`),
    servers: path.join(directory, "servers.mjs"),
    rows: pathToFileURL(path.join(directory, "rows.mjs")).href,
  };
}

function entries(source: (name: string) => string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, source(name)]));
}
