/**
 * Reading many routes.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { timeAsync } from "../measurement.ts";
import type { Contender, Family, Peer } from "../row.ts";

const ours: Contender = { run: { measurement: "list" }, label: "ns.route.list()", samples: 10 };

function peer(language: Peer["language"], program: string, label: string): Contender {
  return { run: { language, program, args: ({ path }) => [path] }, label, samples: 10 };
}

/** Rows of `ns.route.list`. */
export const routesList: Family = {
  name: "routesList",
  routes: 10_000,
  measurements: {
    list({ path }) {
      const ns = NetNS.fromPath(path);
      return { sample: timeAsync(() => ns.route.list()), close: () => ns.close() };
    },
  },
  rows: [
    {
      title: "dump of 10,000 routes to objects, and only read in C",
      ours,
      rival: peer("c", "routes_dump", "C"),
      goal: { atMost: 2.5 },
    },
    {
      title: "dump of 10,000 routes, and `RouteList` of Go's netlink",
      ours,
      rival: peer("go", "routeList", "Go"),
      goal: { faster: 3 },
    },
    {
      title: "dump of 10,000 routes, and `getRoutes` of the npm package netlink",
      ours,
      rival: peer("npm", "route_list", "npm netlink"),
      goal: { faster: 15 },
    },
  ],
};
