/**
 * Coverage of the program of namespace threads, which runs from text: V8's report of it is led back
 * to the sources in `src/thread/inside`.
 *
 * @module
 */

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { program } from "../src/thread/program.ts";
import { root } from "../tests/runner/runtimes.ts";
import { bundle } from "./generate.ts";

interface Script {
  url: string;
  functions: { ranges: { endOffset: number }[] }[];
}

/** Writes the program with its source map to a file, and has the reports in a directory name it. */
export async function nameThreadProgram(reports: string, file: string): Promise<void> {
  fs.writeFileSync(file, await withAbsoluteSources());
  for (const report of fs.readdirSync(reports).map((name) => path.join(reports, name))) {
    const content = JSON.parse(fs.readFileSync(report, "utf8")) as { result: Script[] };
    const scripts = content.result.filter(isThreadProgram);
    if (scripts.length === 0) continue;
    for (const script of scripts) script.url = pathToFileURL(file).href;
    fs.writeFileSync(report, JSON.stringify(content));
  }
}

/** Tests start threads from other texts as well. */
function isThreadProgram({ url, functions }: Script): boolean {
  return url === "[worker eval]" && functions[0]?.ranges[0]?.endOffset === program.length;
}

async function withAbsoluteSources(): Promise<string> {
  const [text, encoded] = (await bundle({ sourcemap: "inline" })).split(
    /\n?\/\/# sourceMappingURL=[^,]+,/,
  );
  if (text !== program) throw new Error("src/thread/program.ts is out of date: npm run generate");
  const map = JSON.parse(atob(encoded!)) as { sources: string[] };
  map.sources = map.sources.map((source) => path.join(root, source));
  return `${text}\n//# sourceMappingURL=data:application/json;base64,${btoa(JSON.stringify(map))}`;
}
