/**
 * Listing the links of a namespace.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { batchSize, timeAsync } from "../measurement.ts";
import type { Contender, Family } from "../row.ts";

const ours: Contender = { run: { measurement: "list" }, label: "ns.link.list()", samples: 200 };

/** Rows of `ns.link`. */
export const links: Family = {
  name: "links",
  measurements: {
    list() {
      const ns = NetNS.create();
      return { sample: timeAsync(() => ns.link.list(), batchSize), close: () => ns.close() };
    },
  },
  rows: [
    {
      title: "`ns.link.list()` with all attributes, and `net.Interfaces` of Go in `ns.Do`",
      ours,
      rival: { run: { language: "go", program: "netInterfaces" }, label: "Go", samples: 100 },
      goal: { faster: 4 },
    },
    {
      title: "`ns.link.list()` with all attributes, and `ip -j link`",
      ours,
      rival: {
        run: { language: "shell", program: "namespaces", args: () => ["link_list"] },
        label: "ip",
        samples: 30,
      },
      goal: { faster: 100 },
    },
  ],
};
