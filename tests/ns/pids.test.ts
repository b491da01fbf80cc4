import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { createAnonymous } from "../../src/create.ts";
import type { Namespace } from "../../src/namespace.ts";
import { pidsOf } from "../../src/pids.ts";
import { home, inside } from "../../src/position.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

async function startSleeper(namespace: Namespace) {
  const file = `/proc/${process.pid}/fd/${namespace.fd}`;
  const child = spawn("nsenter", [`--net=${file}`, "sleep", "600"], { stdio: "ignore" });
  await once(child, "spawn");
  while (!pidsOf(namespace).includes(child.pid!)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return child;
}

leakChecked("nobody lives in a new namespace", options, () => {
  const namespace = createAnonymous({ loopback: false });
  assert.deepEqual(pidsOf(namespace), []);
  assert.deepEqual(pidsOf(namespace, { threads: true }), []);
  namespace.close();
  assert.throws(() => pidsOf(namespace), { code: "ERR_NETNS_CLOSED" });
});

leakChecked("the processes in a namespace are listed, in order", options, async () => {
  const namespace = createAnonymous({ loopback: false });
  const children = [await startSleeper(namespace), await startSleeper(namespace)];
  const pids = children.map((child) => child.pid!).sort((a, b) => a - b);
  assert.deepEqual(pidsOf(namespace), pids);
  assert.deepEqual(pidsOf(namespace, { threads: true }), pids);
  for (const child of children) {
    child.kill("SIGKILL");
    await once(child, "close");
  }
  assert.deepEqual(pidsOf(namespace), []);
  namespace.close();
});

leakChecked("a process with one thread in a namespace lives in both", options, async () => {
  const namespace = createAnonymous({ loopback: false });
  const worker = inside(
    namespace,
    () =>
      new Worker(`require("node:worker_threads").parentPort.on("message", () => {});`, {
        eval: true,
      }),
  );
  await once(worker, "online");
  assert.deepEqual(pidsOf(namespace), [process.pid]);
  assert.ok(pidsOf(home()).includes(process.pid));
  const tids = pidsOf(namespace, { threads: true });
  assert.ok(tids.length > 0);
  for (const tid of tids) {
    assert.notEqual(tid, process.pid);
    const link = fs.readlinkSync(`/proc/self/task/${tid}/ns/net`);
    assert.equal(link, `net:[${namespace.inode}]`);
  }
  await worker.terminate();
  await namespace.close();
});
