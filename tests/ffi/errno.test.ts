import assert from "node:assert/strict";
import { once } from "node:events";
import { leakChecked } from "../helpers/leak_check.ts";
import { firstMessage, startWorker } from "../helpers/worker.ts";
import { adapters } from "./adapters.ts";
import { wrongResults } from "./failing_calls.ts";

const calls = 100_000;

leakChecked("errno is right in main and in a thread that fail at the same time", async () => {
  const worker = startWorker(new URL("./failing_calls_worker.ts", import.meta.url));
  const ended = once(worker, "exit");
  assert.equal(await firstMessage(worker), "ready");
  const inThread = firstMessage(worker);
  worker.postMessage(calls);
  for (const { name, libc } of adapters()) {
    assert.deepEqual(wrongResults(libc, calls), [], name);
  }
  assert.deepEqual(await inThread, []);
  await worker.terminate();
  await ended;
});
