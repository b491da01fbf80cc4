/**
 * Programs in which a namespace thread is the first to use what the runtime shares between threads;
 * they are processes of their own, as a test runner has used it all.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { leakChecked } from "../helpers/leak_check.ts";
import { type Bundler, withLibrary } from "../helpers/library_bundle.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { executable, runCommand, runtime } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };

/** Uses everything that is shared inside first, then outside; tells who is not at home. */
const use = `
async function use(NetNS) {
  const where = () => fs.promises.readlink("/proc/thread-self/ns/net");
  const ns = NetNS.create();
  await ns.do(async () => {
    const fs = await import("node:fs");
    const dns = await import("node:dns");
    const zlib = await import("node:zlib");
    await Promise.all([
      fs.promises.stat("/"),
      dns.promises.lookup("localhost"),
      new Promise((resolve) => zlib.gzip("text", resolve)),
      fetch("http://127.0.0.1:9/").catch(() => {}),
    ]);
  });
  const home = "net:[" + NetNS.home().inode + "]";
  const pool = await Promise.all([where(), where(), where(), where()]);
  const inside = NetNS.audit().filter(({ inode }) => inode === ns.inode);
  const shared = inside.filter(({ name }) => /^(libuv-worker|Bun Pool|HTTP Client)/.test(name));
  await ns.close();
  const findStrays = () => NetNS.audit().filter(({ stray }) => stray);
  let strays = findStrays();
  // What the thread had started by itself may take a moment to end after it.
  for (let attempt = 0; strays.length > 0 && attempt < 500; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    strays = findStrays();
  }
  return { elsewhere: pool.filter((one) => one !== home), shared, strays };
}
`;

/** As CommonJS, in which no loader has used the pool yet. */
const commonJs = `
const fs = require("node:fs");
${use}
use(require(process.argv[2]).NetNS).then((result) => console.log(JSON.stringify(result)));
`;

const inWorker = `
const { isMainThread, parentPort, Worker, workerData } = require("node:worker_threads");
const fs = require("node:fs");
${use}
if (isMainThread) {
  new Worker(__filename, { workerData: process.argv[2] })
    .on("message", (result) => console.log(JSON.stringify(result)));
} else {
  use(require(workerData).NetNS).then((result) => parentPort.postMessage(result));
}
`;

const bundled = `
import fs from "node:fs";
import { NetNS } from "../../mod.ts";
${use}
use(NetNS).then((result) => console.log(JSON.stringify(result)));
`;

async function assertAtHome(file: string, args: readonly string[] = []): Promise<void> {
  const flags = runtime === "deno" ? ["run", "-A", "--no-lock"] : [];
  const { stdout, stderr } = await runCommand([executable, ...flags, file, ...args]);
  assert.notEqual(stdout, "", stderr);
  assert.deepEqual(JSON.parse(stdout), { elsewhere: [], shared: [], strays: [] });
}

const programs = { "a CommonJS program": commonJs, "a Worker of the user's": inWorker };
for (const [name, program] of Object.entries(programs)) {
  leakChecked(
    `in ${name} the shared threads are at home`,
    options,
    () =>
      withLibrary(async (library) => {
        const file = path.join(path.dirname(library), "main.cjs");
        fs.writeFileSync(file, program);
        await assertAtHome(file, [library]);
      }),
  );
}

for (const bundler of ["esbuild", "bun"] satisfies Bundler[]) {
  leakChecked(
    `in a program that ${bundler} bundled the shared threads are at home`,
    options,
    () => withLibrary((file) => assertAtHome(file), { bundler, program: bundled }),
  );
}
