/**
 * Coverage of the programs of threads, which run from text: V8's report of each is led back to the
 * sources in its `inside`.
 *
 * @module
 */

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { program as pollProgram } from "../src/poll/program.ts";
import { lateProgram, program as threadProgram } from "../src/thread/program.ts";
import { root } from "../tests/runner/runtimes.ts";
import { bundle, bundleLate, programs } from "./generate.ts";

interface Script {
  url: string;
  functions: { ranges: { endOffset: number }[] }[];
}

const texts: Readonly<Record<string, string>> = {
  "src/poll": pollProgram,
  "src/thread": threadProgram,
};

/** Writes the programs with their source maps to files, and has the reports name those. */
export async function nameThreadPrograms(reports: string, directory: string): Promise<void> {
  const files = new Map<number, string>();
  const add = (name: string, text: string, bundled: string) => {
    const file = path.join(directory, `${name}.js`);
    fs.writeFileSync(file, withAbsoluteSources(text, bundled));
    files.set(text.length, file);
  };
  const options = { sourcemap: "inline" } as const;
  for (const program of programs) {
    const name = path.basename(program.directory);
    add(name, texts[program.directory]!, await bundle(program, options));
    if (program.late !== undefined) {
      add(`${name}_late`, lateProgram, await bundleLate(program, options));
    }
  }
  for (const report of fs.readdirSync(reports).map((name) => path.join(reports, name))) {
    const content = JSON.parse(fs.readFileSync(report, "utf8")) as { result: Script[] };
    const scripts = content.result.filter(({ url }) => url === "[worker eval]");
    if (scripts.length === 0) continue;
    for (const script of scripts) {
      // Tests start threads from other texts as well.
      const file = files.get(script.functions[0]?.ranges[0]?.endOffset ?? 0);
      if (file !== undefined) script.url = pathToFileURL(file).href;
    }
    fs.writeFileSync(report, JSON.stringify(content));
  }
}

function withAbsoluteSources(program: string, bundled: string): string {
  const [text, encoded] = bundled.split(/\n?\/\/# sourceMappingURL=[^,]+,/);
  if (text !== program) throw new Error("a program.ts is out of date: npm run generate");
  const map = JSON.parse(atob(encoded!)) as { sources: string[] };
  map.sources = map.sources.map((source) => path.join(root, source));
  return `${text}\n//# sourceMappingURL=data:application/json;base64,${btoa(JSON.stringify(map))}`;
}
