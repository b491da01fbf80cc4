/**
 * Rows whose APIs are known to act outside: they are not asked, and the table says so.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Row } from "./rows/mod.ts";

const pending: readonly { on: readonly RuntimeName[]; names: RegExp }[] = [
  // Threads that are started inside look names up at home.
  {
    on: ["node", "node26", "bun"],
    names: /^new Worker of .* (by name|looks? a name up)$/,
  },
  { on: ["bun"], names: /^new Worker of .* fetches by address$/ },
  // Clients over Bun's HTTP thread, which is at home.
  { on: ["bun"], names: /^(undici\.|node-fetch, |Bun\.fetch$|Bun\.FetchSession$)/ },
  { on: ["bun"], names: /^(Bun\.S3Client|Bun\.s3|Bun\.file\("s3:.*)$/ },
  // The kernel shows the main thread's files.
  { on: ["node", "node26", "deno", "bun"], names: /, \/proc\/(self\/)?net\// },
  { on: ["node", "node26", "bun"], names: /^(fs\.promises|Bun).*, \/proc\/(sys|thread-self)\// },
  { on: ["node", "node26", "deno", "bun"], names: /, \/sys\// },
  { on: ["bun"], names: /^Bun\.\$, redirection$/ },
];

/** Whether a row is not asked on a runtime. */
export function isPending(runtime: RuntimeName, row: Row): boolean {
  return pending.some(({ on, names }) => on.includes(runtime) && names.test(row.name));
}
