/**
 * Adding many routes.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { now } from "../measurement.ts";
import type { Contender, Family } from "../row.ts";

const routes = Array.from(
  { length: 1000 },
  (_, index) => ({ dst: `10.9.${index >> 8}.${index & 255}/32`, dev: "lo" }),
);

const ours: Contender = { run: { measurement: "add" }, label: "ns.route.add()", samples: 10 };

/** Rows of `ns.route.add`. */
export const routesAdd: Family = {
  name: "routesAdd",
  measurements: {
    add() {
      const ns = NetNS.create();
      return {
        async sample(count) {
          const samples: number[] = [];
          while (samples.length < count) {
            const start = now();
            await Promise.all(routes.map((route) => ns.route.add(route)));
            samples.push(now() - start);
            await Promise.all(routes.map((route) => ns.route.del(route)));
          }
          return samples;
        },
        close: () => ns.close(),
      };
    },
  },
  rows: [
    {
      title: "1,000 routes added, and by one request after the other in C",
      ours,
      rival: { run: { language: "c", program: "routes_add" }, label: "C", samples: 10 },
      goal: { atMost: 2 },
    },
    {
      title: "1,000 routes added, and by `ip -batch`",
      ours,
      rival: {
        run: { language: "shell", program: "namespaces", args: () => ["route_batch"] },
        label: "ip",
        samples: 10,
      },
      goal: { faster: 1 },
    },
  ],
};
