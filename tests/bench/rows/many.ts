/**
 * Very many namespaces, open at once.
 *
 * @module
 */

import fs from "node:fs";
import { NetNS } from "../../../mod.ts";
import { handleCount } from "../amounts.ts";
import { now, type Prepare, timeSync } from "../measurement.ts";
import type { Contender, Family } from "../row.ts";

function openDescriptors(): number {
  return fs.readdirSync("/proc/self/fd").length;
}

/** Opens many, and closes them; waits until the kernel has cleaned up, as others are measured next. */
async function withMany<T>(count: number, use: (handles: readonly NetNS[]) => T): Promise<T> {
  const handles = Array.from({ length: count }, () => NetNS.create({ loopback: false }));
  try {
    return use(handles);
  } finally {
    for (const handle of handles) await handle.close();
    await new Promise((resolve) => setTimeout(resolve, count * 0.4));
  }
}

function doSyncAmong(count: number, samples: number): Promise<number[]> {
  return withMany(count, (handles) => {
    const ns = handles[handles.length >> 1]!;
    timeSync(() => ns.doSync(() => {}))(200);
    return timeSync(() => ns.doSync(() => {}))(samples);
  });
}

const createMany: Prepare = ({ quick }) => ({
  async sample() {
    const count = handleCount(quick);
    const start = now();
    const time = await withMany(count, () => now() - start);
    return [time / count];
  },
});

const ours: Contender = {
  run: { measurement: "create" },
  label: "create",
  samples: 1,
  fresh: true,
};

/** Rows of many handles. */
export const many: Family = {
  name: "many",
  measurements: {
    doSyncAmongMany: ({ quick }) => ({ sample: (count) => doSyncAmong(handleCount(quick), count) }),
    doSyncAmongFew: () => ({ sample: (count) => doSyncAmong(10, count) }),
    descriptors: ({ quick }) => ({
      async sample() {
        const count = handleCount(quick);
        const ns = NetNS.create();
        const before = openDescriptors();
        const handles = Array.from({ length: count }, () => NetNS.fromFd(ns.fd));
        const after = openDescriptors();
        for (const handle of [ns, ...handles]) await handle.close();
        return [(after - before) / count];
      },
    }),
    create: createMany,
  },
  rows: [
    {
      title: "`doSync` with 5,000 handles open, and with 10",
      ours: {
        run: { measurement: "doSyncAmongMany" },
        label: "with 5,000",
        samples: 300,
        fresh: true,
      },
      rival: {
        run: { measurement: "doSyncAmongFew" },
        label: "with 10",
        samples: 300,
        fresh: true,
      },
      goal: { atMost: 1.2 },
    },
    {
      title: "descriptors of a handle, with 5,000 open",
      ours: { run: { measurement: "descriptors" }, label: "handle", samples: 1, fresh: true },
      goal: { upTo: 2 },
      unit: "count",
    },
    {
      title: "making 5,000 namespaces that stay open, and the same in C, for each",
      ours,
      rival: {
        run: {
          language: "c",
          program: "create_many",
          args: ({ quick }) => [`${handleCount(quick)}`],
        },
        label: "C",
        samples: 1,
        fresh: true,
      },
      goal: { faster: 0.8 },
    },
  ],
};
