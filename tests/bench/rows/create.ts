/**
 * Making namespaces, and letting them go.
 *
 * @module
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { NetNS } from "../../../mod.ts";
import { unmountAll } from "../../helpers/temporary_directory.ts";
import { timeAsync } from "../measurement.ts";
import type { Family } from "../row.ts";

/** Rows of `create`. */
export const create: Family = {
  name: "create",
  measurements: {
    anonymous: () => ({ sample: timeAsync(() => NetNS.create({ loopback: false }).close()) }),
    named() {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), "netns-bench-"));
      const createAndDelete = async () => {
        await NetNS.create({ name: "bench", dir }).close();
        NetNS.delete("bench", { dir });
      };
      return {
        sample: timeAsync(createAndDelete),
        close() {
          unmountAll(dir);
          fs.rmSync(dir, { recursive: true });
        },
      };
    },
  },
  rows: [
    {
      title: "`create({ loopback: false })` with `close()`, and the same in C",
      ours: { run: { measurement: "anonymous" }, label: "create, close", samples: 200 },
      rival: { run: { language: "c", program: "create_close" }, label: "C", samples: 200 },
      goal: { atMost: 1.25 },
    },
    {
      title: "`create({ name })` with `delete()`, and `ip netns add` with `ip netns del`",
      ours: { run: { measurement: "named" }, label: "create, delete", samples: 100 },
      rival: {
        run: { language: "shell", program: "namespaces", args: () => ["add_delete"] },
        label: "ip",
        samples: 20,
      },
      goal: { faster: 3 },
    },
  ],
};
