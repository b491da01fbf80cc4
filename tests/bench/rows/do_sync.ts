/**
 * What entering a namespace and coming back costs.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { timeSync } from "../measurement.ts";
import type { Contender, Family } from "../row.ts";

const ours: Contender = {
  run: { measurement: "doSync" },
  label: "doSync(() => {})",
  samples: 300,
};

/** Rows of `doSync`. */
export const doSync: Family = {
  name: "doSync",
  measurements: {
    doSync() {
      const ns = NetNS.create();
      return { sample: timeSync(() => ns.doSync(() => {})), close: () => ns.close() };
    },
  },
  rows: [
    {
      title: "`doSync(() => {})` and two `setns` in C",
      ours,
      rival: { run: { language: "c", program: "setns_pair" }, label: "C", samples: 300 },
      goal: { atMost: 1.25 },
    },
    {
      title: "`doSync(() => {})` and `ns.Do` of CNI",
      ours,
      rival: { run: { language: "go", program: "cniDo" }, label: "Go", samples: 100 },
      goal: { faster: 10 },
    },
    {
      title: "`doSync(() => {})` and `pushns`, `popns` of pyroute2",
      ours,
      rival: {
        run: { language: "python", program: "pushns_popns" },
        label: "pyroute2",
        samples: 100,
      },
      goal: { faster: 5 },
    },
  ],
};
