/**
 * The library where a program may put it: in Workers, twice in one process, under flags of Node.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as library from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { executable, runCommand, runScript, runtime } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };
const root = fileURLToPath(new URL("../..", import.meta.url));
const { NetNS } = library;

leakChecked("a Worker of the user's may use the library, and leaves no descriptor", {
  skip: options.skip || skipOn("node-koffi", "Node 20 loads no TypeScript in a Worker"),
}, async () => {
  const script = new URL("../fixtures/user_worker.ts", import.meta.url);
  const { stdout, stderr } = await runScript(script);
  // The handle that the Worker does not close is closed when it ends.
  const owner = "thread of network namespace net:[INODE] in another thread of JavaScript";
  assert.equal(stdout, `as expected 0\n${owner}\n`, stderr);
});

leakChecked("two copies of the library on one thread work side by side", options, async () => {
  const copy = path.join(root, "tests", `.copy-${runtime}-${process.pid}`);
  try {
    for (const part of ["mod.ts", "src", "ffi"]) {
      fs.cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
    }
    const other = await import(pathToFileURL(path.join(copy, "mod.ts")).href) as typeof library;
    const [mine, theirs] = [NetNS.create(), other.NetNS.create()];
    assert.ok(other.NetNS.home() instanceof other.NetNS);
    assert.ok(NetNS.home().equals(other.NetNS.home() as never));
    assert.equal(mine.doSync(() => theirs.doSync((from) => from.inode)), mine.inode);
    assert.equal(await theirs.do((ctx) => ctx.ns.inode), theirs.inode);
    assert.equal(await mine.do((ctx) => ctx.host.inode), NetNS.home().inode);
    const foreign = /another copy of @netns\/netns/;
    assert.throws(() => NetNS.each([theirs as never], () => {}), foreign);
    const peer = { name: "eth0", netns: theirs as never };
    await assert.rejects(mine.link.add({ kind: "veth", name: "eth0", peer }), foreign);
    await assert.rejects(mine.do((_) => {}, theirs as never), { hint: foreign });
    assert.deepEqual(NetNS.audit().filter((thread) => thread.stray), []);
    assert.deepEqual(other.NetNS.audit().filter((thread) => thread.stray), []);
    mine.set();
    assert.equal(theirs.doSync((from) => from.inode), mine.inode);
    other.NetNS.home().set();
    await Promise.all([mine.close(), theirs.close()]);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
});

const nodeOnly = skipOn(["deno", "bun"], "is about flags of Node");
const program = `
import { NetNS } from ${JSON.stringify(pathToFileURL(path.join(root, "mod.ts")).href)};
import fs from "node:fs";
const ns = NetNS.create();
const same = await ns.do((ctx) => ctx.ns.inode) === ns.inode;
await ns.do(async () => {
  await (await import("node:fs")).promises.stat("/").catch(() => {});
});
await ns.close();
console.log(same, NetNS.audit().filter((thread) => thread.stray).length);
`;

leakChecked("do() works in a program that Node reads as --input-type=module", {
  skip: options.skip || nodeOnly,
}, async () => {
  for (const flags of [["--input-type=module"], ["--input-type", "module"]]) {
    const loader = runtime === "node-koffi" ? ["--import", "tsx"] : [];
    const command = [executable, ...flags, ...loader, "-e", program];
    const { stdout, stderr } = await runCommand(command, { cwd: root });
    assert.equal(stdout, "true 0\n", stderr);
  }
});

leakChecked("under node --permission no thread of the pool is born inside", {
  skip: options.skip || skipOn(["node-koffi", "deno", "bun"], "is about node --permission"),
}, async () => {
  const file = path.join(root, "tests", `.permission-${process.pid}.mjs`);
  fs.writeFileSync(file, program);
  try {
    const flags = ["--permission", "--allow-ffi", "--allow-worker", `--allow-fs-read=${root}/*`];
    const { stdout, stderr } = await runCommand([executable, ...flags, file], { cwd: root });
    assert.equal(stdout, "true 0\n", stderr);
  } finally {
    fs.rmSync(file);
  }
});

leakChecked("under node --permission without Workers do() is not supported", {
  skip: options.skip || skipOn(["node-koffi", "deno", "bun"], "is about node --permission"),
}, async () => {
  const file = path.join(root, "tests", `.permission-worker-${process.pid}.mjs`);
  fs.writeFileSync(
    file,
    `import { NetNS } from ${JSON.stringify(pathToFileURL(path.join(root, "mod.ts")).href)};
     const ns = NetNS.create();
     await ns.do(() => {}).catch(({ name, code, hint, cause }) => {
       console.log(name, code, hint, cause.code);
     });
     await ns.close();`,
  );
  try {
    const flags = ["--permission", "--allow-ffi", `--allow-fs-read=${root}/*`];
    const { stdout, stderr } = await runCommand([executable, ...flags, file], { cwd: root });
    const hint = "under --permission add --allow-worker";
    assert.equal(stdout, `NetNSError ERR_NETNS_UNSUPPORTED ${hint} ERR_ACCESS_DENIED\n`, stderr);
  } finally {
    fs.rmSync(file);
  }
});
