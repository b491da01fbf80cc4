/**
 * What the library adds to the start of a program.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { executable, runtime } from "../../helpers/runtime.ts";
import { now, type Prepare } from "../measurement.ts";
import type { Family } from "../row.ts";

function timeStart(program: string): number {
  const script = fileURLToPath(new URL(`../starts/${program}.js`, import.meta.url));
  const flags = runtime === "deno" ? ["run", "-A", "--no-lock"] : [];
  const start = now();
  const { status, stderr } = spawnSync(executable, [...flags, script], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return now() - start;
}

/** How much longer a program runs than one that does nothing. */
function above(program: string): Prepare {
  return () => ({
    sample: (count) =>
      Array.from({ length: count }, () => {
        const empty = timeStart("empty");
        return timeStart(program) - empty;
      }),
  });
}

/** Rows of the start. */
export const start: Family = {
  name: "start",
  measurements: { import: above("import"), firstCall: above("first_call") },
  rows: [
    {
      title: "import of the library, above the start of the runtime",
      ours: { run: { measurement: "import" }, label: "import", samples: 10 },
      goal: { upTo: 15e6 },
    },
    {
      title: "import and first `doSync`, above the start of the runtime",
      ours: { run: { measurement: "firstCall" }, label: "first call", samples: 10 },
      goal: { upTo: 25e6 },
    },
  ],
};
