/**
 * Running a program in a namespace.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { timeAsync } from "../measurement.ts";
import type { Family } from "../row.ts";

/** The row of `exec`. */
export const exec: Family = {
  name: "exec",
  measurements: {
    exec() {
      const ns = NetNS.create();
      return { sample: timeAsync(() => ns.exec("true")), close: () => ns.close() };
    },
  },
  rows: [
    {
      title: '`ns.exec("true")` and `ip netns exec X true`',
      ours: { run: { measurement: "exec" }, label: "ns.exec", samples: 50 },
      rival: {
        run: { language: "shell", program: "namespaces", args: () => ["exec_true"] },
        label: "ip",
        samples: 50,
      },
      goal: { faster: { node: 1.5, node26: 1.5, deno: 2.5, bun: 2.5 } },
    },
  ],
};
