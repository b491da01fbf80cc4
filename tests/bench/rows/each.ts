/**
 * One operation in each of many namespaces.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { now } from "../measurement.ts";
import type { Family } from "../row.ts";

type Each = (handles: readonly NetNS[], fn: () => void) => unknown;

/** The row of `NetNS.each`. */
export const each: Family = {
  name: "each",
  measurements: {
    each() {
      const run = (NetNS as unknown as { each?: Each }).each;
      if (run === undefined) return { missing: "NetNS.each" };
      const handles = Array.from({ length: 100 }, () => NetNS.create({ loopback: false }));
      return {
        async sample(count) {
          const samples: number[] = [];
          while (samples.length < count) {
            const start = now();
            await run.call(NetNS, handles, () => {});
            samples.push((now() - start) / handles.length);
          }
          return samples;
        },
        async close() {
          for (const handle of handles) await handle.close();
        },
      };
    },
  },
  rows: [
    {
      title: "`NetNS.each` in 100 namespaces and `ns.Do` of CNI in 100 goroutines, for each",
      ours: { run: { measurement: "each" }, label: "NetNS.each", samples: 100 },
      rival: { run: { language: "go", program: "cniDoAll" }, label: "Go", samples: 50 },
      goal: { faster: 6 },
    },
  ],
};
