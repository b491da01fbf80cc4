/**
 * One operation in each of many namespaces.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { now } from "../measurement.ts";
import type { Family } from "../row.ts";

/** The row of `NetNS.each`. */
export const each: Family = {
  name: "each",
  measurements: {
    each() {
      const handles = Array.from({ length: 100 }, () => NetNS.create({ loopback: false }));
      return {
        sample(count) {
          const samples: number[] = [];
          while (samples.length < count) {
            const start = now();
            NetNS.each(handles, () => {});
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
