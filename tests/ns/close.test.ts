import assert from "node:assert/strict";
import fs from "node:fs";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { collectorThreads, leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };
const closed = { code: "ERR_NETNS_CLOSED" };

leakChecked("a closed handle refuses every use", options, async () => {
  const ns = NetNS.create();
  await ns.close();
  assert.equal(ns.closed, true);
  assert.throws(() => ns.fd, closed);
  assert.throws(() => ns.id, closed);
  assert.throws(() => ns.dupFd(), closed);
  assert.throws(() => ns.set(), closed);
  assert.throws(() => ns.doSync(() => {}), closed);
  assert.throws(() => ns.equals(NetNS.home()), closed);
  assert.throws(() => NetNS.home().equals(ns), closed);
  assert.throws(() => ns.pin("x"), closed);
  assert.throws(() => ns.pids(), closed);
  assert.throws(() => ns.spawn("true"), closed);
  assert.throws(() => ns.listen({ port: 1 }), closed);
  assert.throws(() => ns.connect({ port: 1 }), closed);
  await assert.rejects(ns.do(() => {}), closed);
  await assert.rejects(ns.import("node:os"), closed);
  await assert.rejects(ns.exec("true"), closed);
  await assert.rejects(ns.getNsid(), closed);
  await assert.rejects(ns.setNsid("auto"), closed);
  assert.match(String(ns), /net:\[\d+\]/);
});

leakChecked("close() is idempotent, also with asyncDispose", options, async () => {
  const ns = NetNS.create();
  await Promise.all([ns.close(), ns.close()]);
  await ns.close();
  await ns[Symbol.asyncDispose]();
});

leakChecked("close() waits for running calls, and refuses new ones at once", options, async () => {
  const ns = NetNS.create();
  const call = ns.do(() => new Promise((resolve) => setTimeout(() => resolve("done"), 200)));
  const closing = ns.close();
  assert.equal(ns.closed, true);
  await assert.rejects(ns.do(() => {}), closed);
  assert.equal(await call, "done");
  await closing;
});

leakChecked(
  "an option that close() does not know rejects, and the handle stays open",
  options,
  async () => {
    const ns = NetNS.create();
    for (const wrong of [{ forse: true }, { force: 1 }, [], null]) {
      await assert.rejects(ns.close(wrong as never), TypeError);
    }
    assert.equal(ns.doSync(() => 1), 1);
    await ns.close();
  },
);

leakChecked("close({ force }) rejects running calls", options, async () => {
  const ns = NetNS.create();
  const call = assert.rejects(ns.do(() => new Promise(() => {})), closed);
  await ns.close({ force: true });
  await call;
});

leakChecked("close({ force }) ends a close() that waits", options, async () => {
  const ns = NetNS.create();
  const call = assert.rejects(ns.do(() => new Promise(() => {})), closed);
  const waiting = ns.close();
  await ns.close({ force: true });
  await Promise.all([waiting, call]);
});

leakChecked("close() resolves when the kernel has let the thread go", options, async () => {
  for (let round = 0; round < 5; round++) {
    const ns = NetNS.create();
    const tid = await ns.do(async () =>
      (await import("node:fs")).readlinkSync("/proc/thread-self").split("/").pop()
    );
    assert.ok(fs.existsSync(`/proc/self/task/${tid}`));
    await ns.close();
    assert.ok(!fs.existsSync(`/proc/self/task/${tid}`));
  }
});

leakChecked("close() waits for a thread that has only just started", options, async () => {
  for (let round = 0; round < 5; round++) {
    const before = new Set(fs.readdirSync("/proc/self/task"));
    const ns = NetNS.create();
    const call = assert.rejects(ns.do(() => new Promise(() => {})), closed);
    await ns.close({ force: true });
    await call;
    const inside = fs.readdirSync("/proc/self/task").filter((tid) => {
      try {
        return !before.has(tid) &&
          fs.readlinkSync(`/proc/self/task/${tid}/ns/net`) === `net:[${ns.inode}]` &&
          !collectorThreads.test(fs.readFileSync(`/proc/self/task/${tid}/comm`, "utf8").trim());
      } catch {
        return false;
      }
    });
    assert.deepEqual(inside, []);
  }
});

leakChecked("a call keeps its caller's namespace, wherever the caller goes", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  one.set();
  const call = two.do(async (ctx) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return await ctx.host.exec("readlink", ["/proc/self/ns/net"]);
  });
  NetNS.home().set();
  assert.equal((await call).stdout.trim(), `net:[${one.inode}]`);
  await Promise.all([one.close(), two.close()]);
});

leakChecked("a remote handle closes another namespace, not its own", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  const own = await one.do(async (two, ctx) => {
    await two.close();
    return await ctx.ns.close().catch((error: Error) => error.message);
  }, two);
  assert.match(String(own), /wait for the call/);
  assert.deepEqual([one.closed, two.closed], [false, true]);
  await one.close();
});

leakChecked("no thread is left in a closed namespace", options, async () => {
  const ns = NetNS.create();
  const { inode } = ns;
  await ns.do(() => {});
  assert.ok(NetNS.audit().some((thread) => thread.inode === inode && !thread.stray));
  await ns.close();
  // Bun's collector threads that were born inside go when they have been idle for a while.
  const left = NetNS.audit().filter((thread) =>
    thread.inode === inode && !collectorThreads.test(thread.name)
  );
  assert.deepEqual(left, []);
});

leakChecked("the home handle stays usable when it is closed", options, async () => {
  const home = NetNS.home();
  assert.equal(await home.do((ctx) => ctx.ns.inode), home.inode);
  await home.close();
  assert.equal(home.closed, false);
  assert.equal(home.doSync(() => 1), 1);
});

const exits = new URL("../fixtures/idle_exit.ts", import.meta.url);

leakChecked("an idle handle does not keep the process alive", options, async () => {
  const outcome = await runScript(exits, { args: ["idle"] });
  assert.deepEqual([outcome.exitCode, outcome.stdout], [0, "idle\n"], outcome.stderr);
});

leakChecked("a pending call keeps the process alive until it is answered", options, async () => {
  const outcome = await runScript(exits, { args: ["pending"] });
  assert.deepEqual([outcome.exitCode, outcome.stdout], [0, "answered\n"], outcome.stderr);
});

leakChecked("unref() lets the process end although a call is pending", options, async () => {
  const outcome = await runScript(exits, { args: ["unref"] });
  assert.equal(outcome.signal, null);
  assert.equal(outcome.stdout, "");
});

leakChecked("2,000 do() calls leave no thread, descriptor or memory behind", options, async () => {
  const ns = NetNS.create();
  await ns.do(() => {});
  const descriptors = () => fs.readdirSync("/proc/self/fd").length;
  // Of the collector and the compiler there are as many as there is work, and processors.
  const threads = () => NetNS.audit().filter(({ name }) => !collectorThreads.test(name)).length;
  const before = { fds: descriptors(), threads: threads() };
  const memory = process.memoryUsage().rss;
  for (let i = 0; i < 2_000; i++) assert.equal(await ns.do((n: number) => n, i), i);
  assert.ok(descriptors() <= before.fds + 2);
  assert.ok(threads() <= before.threads + 4);
  assert.ok(process.memoryUsage().rss < memory + 100e6);
  await ns.close();
});
