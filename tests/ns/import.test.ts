import assert from "node:assert/strict";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };
const script = new URL("../fixtures/task.js", import.meta.url);
const argumentsScript = new URL("../fixtures/task_arguments.js", import.meta.url);
const typescript = new URL("../fixtures/task_typed.ts", import.meta.url);

leakChecked("import() gives the functions of a module, which run inside", options, async () => {
  const ns = NetNS.create();
  const task = await ns.import<typeof import("../fixtures/task.js")>(script);
  assert.deepEqual(Object.keys(task).sort(), [
    "add",
    "byInode",
    "count",
    "fail",
    "letters",
    "whereAmI",
  ]);
  assert.equal(await task.whereAmI(), ns.inode);
  assert.equal(await task.add(1, 2), 3);
  assert.deepEqual(await task.letters(), ["a", "b"]);
  await ns.close();
});

type Module = typeof import("../fixtures/task_arguments.js");

leakChecked("an imported function gets what it is given, and no context", options, async () => {
  const ns = NetNS.create();
  const task = await ns.import<Module>(argumentsScript);
  assert.deepEqual([await task.add(1), await task.count(), await task.count(1, 2)], [2, 0, 2]);
  const inside = await ns.do(async (url: string, ctx) => {
    const answers: number[] = [];
    for (const handle of [ctx.ns, ctx.host]) {
      const task = await handle.import<Module>(url);
      answers.push(await task.add(1), await task.count(), await task.count(1, 2));
    }
    const task: Module = await import(url);
    return [...answers, task.inode(ctx)];
  }, argumentsScript.href);
  assert.deepEqual(inside, [2, 0, 2, 2, 0, 2, ns.inode]);
  await Promise.all([ns.close(), NetNS.home().close()]);
});

leakChecked("after an imported function ctx.host is still the caller's", options, async () => {
  const ns = NetNS.create();
  const task = await ns.import<typeof import("../fixtures/task.js")>(script);
  await task.count();
  assert.equal(await ns.do((ctx) => ctx.host), NetNS.home());
  await ns.close();
});

leakChecked("imported functions take and give handles", options, async () => {
  const ns = NetNS.create();
  const task = await ns.import<typeof import("../fixtures/task.js")>(script);
  const peers = [ns, NetNS.home()];
  const byInode = await task.byInode({ peers });
  assert.deepEqual([...byInode], peers.map((peer) => [peer.inode, peer]));
  await ns.close();
});

leakChecked("a module keeps its state between calls", options, async () => {
  const ns = NetNS.create();
  const task = await ns.import<typeof import("../fixtures/task.js")>(script.href);
  assert.deepEqual([await task.count(), await task.count()], [1, 2]);
  await ns.close();
});

leakChecked("errors of an imported function arrive as they are", options, async () => {
  const ns = NetNS.create();
  const task = await ns.import<typeof import("../fixtures/task.js")>(script);
  await assert.rejects(task.fail(), { name: "RangeError", message: "from the module" });
  await assert.rejects(task.add({ fn() {} } as never, 1), { code: "ERR_NETNS_UNCLONEABLE" });
  await ns.close();
});

leakChecked("what a module throws arrives as it is", options, async () => {
  const ns = NetNS.create();
  for (const thrown of [null, undefined, 1, "a text"]) {
    const call = ns.import(`data:text/javascript,throw ${JSON.stringify(thrown)}`);
    assert.deepEqual(await call.catch((error) => [error]), [thrown]);
  }
  await ns.close();
});

leakChecked("a TypeScript module loads where the runtime can, else says what to do", {
  skip: options.skip,
}, async () => {
  const ns = NetNS.create();
  const load = ns.import<typeof import("../fixtures/task_typed.ts")>(typescript);
  const major = Number(process.versions.node.split(".")[0]);
  if (runtime === "node-koffi" && major < 22) {
    await assert.rejects(load, { code: "ERR_NETNS_UNSUPPORTED", hint: /\.js|22\.18/ });
  } else {
    const task = await load;
    assert.equal(await task.double(21), 42);
  }
  await ns.close();
});

leakChecked("a module that is not there, or does not parse, is an error", options, async () => {
  const ns = NetNS.create();
  await assert.rejects(ns.import(new URL("./nonexistent.js", import.meta.url)), Error);
  await assert.rejects(ns.import("data:text/javascript,export const = "), Error);
  await assert.rejects(ns.import("./relative.js"), { name: "TypeError", message: /absolute/ });
  await assert.rejects(ns.import(7 as never), TypeError);
  assert.equal(await ns.do(() => 1), 1);
  await ns.close();
});

leakChecked("import() may be bound to a timeout", options, async () => {
  const ns = NetNS.create();
  const url = "data:text/javascript,export function never() { return new Promise(() => {}); }";
  const module = await ns.with({ timeout: 2_000 }).import<{ never(): Promise<void> }>(url);
  await assert.rejects(module.never(), { name: "TimeoutError" });
  await ns.close();
});

leakChecked("import() works from inside, by a remote handle", options, async () => {
  const ns = NetNS.create();
  const inode = await ns.do(async (url: string, ctx) => {
    const task = await ctx.host.import<typeof import("../fixtures/task.js")>(url);
    return await task.whereAmI();
  }, script.href);
  assert.equal(inode, NetNS.home().inode);
  await Promise.all([ns.close(), NetNS.home().close()]);
});

leakChecked("in Deno, import() needs --allow-read and says so", {
  skip: skipOn(["node-koffi", "node-ffi", "bun"], "only Deno has permissions"),
}, async () => {
  const { runScript } = await import("../helpers/runtime.ts");
  const fixture = new URL("../fixtures/import_without_permission.ts", import.meta.url);
  const { stdout } = await runScript(fixture, { flags: ["--allow-ffi"] });
  assert.match(stdout, /ERR_NETNS_UNSUPPORTED .*--allow-read/);
});
