/**
 * What a run of the benchmarks is asked for.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { runtimeNames } from "../runner/runtimes.ts";
import { families } from "./rows/mod.ts";

const usage = `Usage: npm run bench -- [OPTIONS]

  --quick         a few samples of each, to see that everything runs; the numbers mean nothing
  --only TEXT     families of rows whose name has TEXT in it:
                  ${families.map(({ name }) => name).join(", ")}
  --runtime NAME  ${runtimeNames.join(", ")}; may be given more than once
  --json FILE     write the numbers to FILE
  --from FILE     take the numbers of an earlier run from FILE instead of measuring
  --write         make docs/performance.md of the numbers
  --help          print this`;

/** The options, as one writes them. */
export interface BenchOptions {
  readonly quick: boolean;
  readonly only: string;
  readonly runtime: readonly string[];
  readonly json?: string | undefined;
  readonly write: boolean;
  readonly from?: string | undefined;
}

/** Reads the command line; ends the process where it makes no sense. */
export function readOptions(): BenchOptions {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string", default: "" },
        runtime: { type: "string", multiple: true, default: [...runtimeNames] },
        json: { type: "string" },
        write: { type: "boolean", default: false },
        from: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const unknown = values.runtime.find((name) =>
      !(runtimeNames as readonly string[]).includes(name)
    );
    if (unknown !== undefined) throw new Error(`There is no runtime "${unknown}"`);
    if (!families.some(({ name }) => name.includes(values.only))) {
      throw new Error(`No family of rows has "${values.only}" in its name`);
    }
    return values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
