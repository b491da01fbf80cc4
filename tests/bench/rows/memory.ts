/**
 * The memory that handles take.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { collectGarbage, heapInUse, resident } from "../memory.ts";
import type { Family } from "../row.ts";
import { EchoWorker } from "../worker.ts";

const idle = 1000;
const threads = 10;

async function closeAll(handles: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const handle of handles) await handle.close();
}

/** What the memory of the process grows by for one of those that `start` starts. */
async function growth(start: () => Promise<{ close(): Promise<void> }>): Promise<number[]> {
  const first = await start();
  collectGarbage();
  const before = resident();
  const started = await Promise.all(Array.from({ length: threads }, start));
  const after = resident();
  await closeAll([first, ...started]);
  return [(after - before) / threads];
}

/** Rows of memory. */
export const memory: Family = {
  name: "memory",
  measurements: {
    idle() {
      const opened = NetNS.current();
      return {
        async sample() {
          await closeAll(Array.from({ length: 10 }, () => NetNS.fromFd(opened.fd)));
          const before = heapInUse();
          const handles = Array.from({ length: idle }, () => NetNS.fromFd(opened.fd));
          const after = heapInUse();
          await closeAll(handles);
          return [(after - before) / idle];
        },
        close: () => opened.close(),
      };
    },
    thread: () => ({
      sample: () =>
        growth(async () => {
          const ns = NetNS.create();
          await ns.do(() => {});
          return ns;
        }),
    }),
    worker: () => ({
      sample: () =>
        growth(async () => {
          const worker = new EchoWorker();
          await worker.post();
          return worker;
        }),
    }),
  },
  rows: [
    {
      title: "heap of an idle handle",
      ours: { run: { measurement: "idle" }, label: "handle", samples: 1, fresh: true },
      goal: { upTo: 4096 },
      unit: "bytes",
    },
    {
      title: "memory of a handle with a thread, and of a bare Worker",
      ours: { run: { measurement: "thread" }, label: "handle", samples: 1, fresh: true },
      rival: { run: { measurement: "worker" }, label: "Worker", samples: 1, fresh: true },
      goal: { atMost: 1.1 },
      unit: "bytes",
    },
  ],
};
