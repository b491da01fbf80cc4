/**
 * Running functions on a thread of a namespace.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { batchSize, type Measurement, now, timeAsync } from "../measurement.ts";
import type { Family } from "../row.ts";
import { EchoWorker } from "../worker.ts";

const concurrent = 1000;

async function onWarmThread(measure: (ns: NetNS) => Measurement): Promise<Measurement> {
  const ns = NetNS.create();
  await ns.do(() => {});
  return { ...measure(ns), close: () => ns.close() };
}

async function onWorker(measure: (worker: EchoWorker) => Measurement): Promise<Measurement> {
  const worker = new EchoWorker();
  await worker.post();
  return { ...measure(worker), close: () => worker.close() };
}

/** Times an operation that does as many things as run at once; gives the time of one. */
function timeConcurrent(operation: () => Promise<unknown>): Measurement {
  const sample = timeAsync(operation);
  return { sample: async (count) => (await sample(count)).map((time) => time / concurrent) };
}

/** Times the first thing that something new does, but not how it is let go. */
async function timeFirst(
  count: number,
  first: () => Promise<{ close(): Promise<void> }>,
): Promise<number[]> {
  const samples: number[] = [];
  while (samples.length < count) {
    const start = now();
    const started = await first();
    samples.push(now() - start);
    await started.close();
  }
  return samples;
}

/** Rows of `do`. */
export const doInside: Family = {
  name: "do",
  measurements: {
    warm: () => onWarmThread((ns) => ({ sample: timeAsync(() => ns.do(() => {}), batchSize) })),
    message: () => onWorker((worker) => ({ sample: timeAsync(() => worker.post(), batchSize) })),
    concurrentCalls: () =>
      onWarmThread((ns) =>
        timeConcurrent(() => Promise.all(Array.from({ length: concurrent }, () => ns.do(() => {}))))
      ),
    concurrentMessages: () => onWorker((worker) => timeConcurrent(() => worker.post(concurrent))),
    first: () => ({
      sample(count) {
        const handles = Array.from({ length: count }, () => NetNS.create());
        return timeFirst(count, async () => {
          const ns = handles.pop()!;
          await ns.do(() => {});
          return ns;
        });
      },
    }),
    worker: () => ({
      sample: (count) =>
        timeFirst(count, async () => {
          const worker = new EchoWorker();
          await worker.post();
          return worker;
        }),
    }),
  },
  rows: [
    {
      title: "`do` on a warm thread, and a message to a bare Worker and back",
      ours: { run: { measurement: "warm" }, label: "do", samples: 200 },
      rival: { run: { measurement: "message" }, label: "postMessage", samples: 200 },
      goal: { atMost: 1.3 },
    },
    {
      title: "1,000 `do` at once, and 1,000 messages to a bare Worker and back, for each",
      ours: { run: { measurement: "concurrentCalls" }, label: "do", samples: 30 },
      rival: { run: { measurement: "concurrentMessages" }, label: "postMessage", samples: 30 },
      goal: { atMost: 1.5 },
    },
    {
      title: "first `do` of a handle, and start of a bare Worker until it answers",
      ours: { run: { measurement: "first" }, label: "do", samples: 5 },
      rival: { run: { measurement: "worker" }, label: "new Worker", samples: 5 },
      goal: { atMost: 1.2 },
    },
  ],
};
