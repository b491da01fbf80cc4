/**
 * The port between the main thread and that of a namespace: it is the library's alone.
 *
 * @module
 */

import assert from "node:assert/strict";
import workerThreads, { Worker } from "node:worker_threads";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

leakChecked("code inside finds no port, and no data of a Worker", options, async () => {
  const ns = NetNS.create();
  const found = await ns.do(async () => {
    const { createRequire } = await import("node:module");
    const dynamic = await import("node:worker_threads");
    const statically = "data:text/javascript,export{parentPort,workerData}from'worker_threads'";
    const modules = [
      dynamic,
      dynamic.default,
      await import(statically),
      createRequire("/")("worker_threads"),
      process.getBuiltinModule("node:worker_threads"),
    ];
    const globals = ["postMessage", "onmessage", "close"].filter((name) => name in globalThis);
    return { modules: modules.map((it) => [it.parentPort, it.workerData]), globals };
  });
  assert.deepEqual(found, { modules: Array(5).fill([null, null]), globals: [] });
  await ns.close();
});

leakChecked("a Worker that is started inside has its own", options, async () => {
  const ns = NetNS.create();
  const answer = await ns.do(async () => {
    const { Worker } = await import("node:worker_threads");
    const program = `const { parentPort, workerData } = require("node:worker_threads");
      import("node:worker_threads").then((it) => {
        const isSame = it.parentPort === parentPort && it.workerData === workerData;
        parentPort.once("message", (message) => {
          parentPort.postMessage([isSame, workerData, message]);
        });
      });`;
    const worker = new Worker(program, { eval: true, workerData: "data" });
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("message");
    const answer = await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
    await ended;
    return answer;
  });
  assert.deepEqual(answer, [true, "data", "message"]);
  await ns.close();
});

leakChecked("a listener for messages inside hears nothing of the calls", options, async () => {
  const ns = NetNS.create();
  await ns.do(() => {
    const heard: unknown[] = [];
    Object.assign(globalThis, { heard, onmessage: (event: unknown) => heard.push(event) });
    globalThis.addEventListener?.("message", (event) => heard.push(event));
  });
  assert.equal(await ns.do((one: number) => one + 1, 1), 2);
  assert.equal(await ns.do(() => (globalThis as unknown as { heard: unknown[] }).heard.length), 0);
  await ns.close();
});

leakChecked(
  "what comes from a thread and is no message of the library is ignored",
  options,
  async () => {
    const started: Worker[] = [];
    class Watched extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        started.push(this);
      }
    }
    Object.assign(workerThreads, { Worker: Watched });
    const ns = NetNS.create();
    try {
      await ns.do(() => {});
    } finally {
      Object.assign(workerThreads, { Worker });
    }
    const call = ns.do(() => new Promise((resolve) => setTimeout(resolve, 50, "own")));
    const foreign = [null, undefined, "text", true, -1, 2 ** 40, [], {}, { type: "unknown" }];
    for (const message of foreign) started.at(-1)!.emit("message", message);
    assert.equal(await call, "own");
    assert.equal(await ns.do(() => 1), 1);
    await ns.close();
  },
);
