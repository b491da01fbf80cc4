/**
 * The memory that reading very many routes takes.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { collectGarbage, forgetPeak, heapInUse, peak, resident } from "../memory.ts";
import type { Family } from "../row.ts";

/** The table, the destination, the gateway and the link that it leads out by. */
const attributes = 4;

/** Rows of the memory of `ns.route`. */
export const routesMemory: Family = {
  name: "routesMemory",
  routes: 100_000,
  measurements: {
    list({ path }) {
      const ns = NetNS.fromPath(path);
      return {
        async sample() {
          await ns.link.list();
          collectGarbage();
          forgetPeak();
          const before = resident();
          const routes = await ns.route.list();
          return [(peak() - before) / (routes.length * attributes)];
        },
        close: () => ns.close(),
      };
    },
    iterate({ path }) {
      const ns = NetNS.fromPath(path);
      return {
        async sample() {
          let seen = 0;
          let early = 0;
          let late = 0;
          for await (const route of ns.route.dump()) {
            seen += route.dst === "" ? 0 : 1;
            if (seen === 500) early = heapInUse();
            late = seen % 10_000 === 0 ? heapInUse() : late;
          }
          return [Math.max(0, late - early)];
        },
        close: () => ns.close(),
      };
    },
  },
  rows: [
    {
      title: "dump of 100,000 routes: most memory that it takes, for each attribute",
      ours: { run: { measurement: "list" }, label: "ns.route.list()", samples: 1, fresh: true },
      goal: { upTo: 150 },
      unit: "bytes",
    },
    {
      title: "iterating over 100,000 routes: what the heap grows by",
      ours: { run: { measurement: "iterate" }, label: "ns.route.dump()", samples: 1, fresh: true },
      goal: { upTo: 2 ** 20 },
      unit: "bytes",
    },
  ],
};
