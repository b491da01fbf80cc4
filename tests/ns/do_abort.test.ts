import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };

leakChecked("an aborted call rejects with the reason, and ctx.signal fires", options, async () => {
  const ns = NetNS.create();
  const controller = new AbortController();
  const call = ns.with({ signal: controller.signal }).do(async (ctx) => {
    const seen = globalThis as { reason?: unknown };
    ctx.signal.addEventListener("abort", () => seen.reason = ctx.signal.reason.message);
    await new Promise(() => {});
  });
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(call, (error) => error === reason);
  assert.equal(await ns.do(() => (globalThis as { reason?: unknown }).reason), "enough");
  await ns.close();
});

leakChecked("an aborted signal refuses the call before it starts", options, async () => {
  const ns = NetNS.create();
  const reason = new Error("before");
  const bound = ns.with({ signal: AbortSignal.abort(reason) });
  await assert.rejects(bound.do(() => (globalThis as { ran?: boolean }).ran = true), reason);
  assert.equal(await ns.do(() => (globalThis as { ran?: boolean }).ran), undefined);
  await ns.close();
});

leakChecked("a timeout rejects with a TimeoutError, and later calls work", options, async () => {
  const ns = NetNS.create();
  const never = ns.with({ timeout: 30 }).do(() => new Promise(() => {}));
  await assert.rejects(never, { name: "TimeoutError", message: /30 ms/ });
  assert.equal(await ns.do(() => 1), 1);
  await ns.close();
});

leakChecked("a thread that does not yield is terminated, and said so", options, async () => {
  const script = new URL("../fixtures/never_yields.ts", import.meta.url);
  const { stdout, stderr } = await runScript(script);
  assert.deepEqual(stdout.trim().split("\n"), [
    "stuck: TimeoutError",
    "other: ERR_NETNS_THREAD_EXITED",
    "next: a fresh thread",
    // Deno stops no thread that does not yield; nobody may be told that it did.
    runtime === "deno" ? "close: ETIMEDOUT" : "close: done",
    runtime === "deno" ? "strays: 1" : "strays: 0",
  ], stderr);
  assert.match(stderr, /NETNS_THREAD_TERMINATED.*did not yield within 1000 ms/);
});

leakChecked("wrong options of with() are named", options, async () => {
  const ns = NetNS.create();
  assert.throws(() => ns.with({ signal: {} as AbortSignal }), /options\.signal/);
  assert.throws(() => ns.with({ timeout: -1 }), RangeError);
  assert.throws(() => ns.with({ timeout: NaN }), RangeError);
  assert.throws(() => ns.with({ timeout: "1" as never }), TypeError);
  assert.throws(() => ns.with({ transfer: {} as never }), /options\.transfer/);
  assert.throws(() => ns.with({ other: 1 } as never), /options\.other/);
  await ns.close();
});

leakChecked("a reason that cannot be cloned aborts all the same", options, async () => {
  const ns = NetNS.create();
  const controller = new AbortController();
  const call = ns.with({ signal: controller.signal }).do(async (ctx) => {
    ctx.signal.addEventListener("abort", () => {
      (globalThis as { fired?: boolean }).fired = true;
    });
    await new Promise(() => {});
  });
  const reason = Object.assign(new Error("odd"), { proxy: new Proxy({}, {}) });
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(call, (error) => error === reason);
  assert.equal(await ns.do(() => (globalThis as { fired?: boolean }).fired), true);
  await ns.close();
});

leakChecked("a call to the own namespace obeys its signal, too", options, async () => {
  const ns = NetNS.create();
  const names = await ns.do(async (ctx) => {
    const before = ctx.ns.with({ signal: AbortSignal.abort() }).do(() => "ran");
    const during = ctx.ns.with({ signal: AbortSignal.timeout(50) })
      .do(() => new Promise(() => {}));
    return await Promise.all(
      [before, during].map((call) =>
        (call as Promise<unknown>).catch((error: Error) => error.name)
      ),
    );
  });
  assert.deepEqual(names, ["AbortError", "TimeoutError"]);
  await ns.close();
});

leakChecked(
  "any number of calls may be bound to one signal, without a warning",
  options,
  async () => {
    const fixture = new URL("../fixtures/many_calls_one_signal.ts", import.meta.url);
    assert.deepEqual(await runScript(fixture), {
      stdout: "done\n",
      stderr: "",
      exitCode: 0,
      signal: null,
    });
  },
);

leakChecked("options are checked inside as they are outside", options, async () => {
  const ns = NetNS.create();
  for (const wrong of [{ timeout: "x" }, { timeout: 0 }, { transfer: [] }, { other: 1 }]) {
    const call = ns.do((wrong: object, ctx) => ctx.ns.with(wrong).do(() => 1), wrong);
    await assert.rejects(call, /^(TypeError|RangeError): options\./);
  }
  await ns.close();
});

leakChecked("a timeout bound by with() holds for exec()", options, async () => {
  const ns = NetNS.create();
  const bound = ns.with({ timeout: 100 });
  await assert.rejects(bound.exec("sleep", ["30"], { timeout: undefined }), { timedOut: true });
  await ns.close();
});

leakChecked("a call inside may be aborted from inside", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  const name = await one.do(async (two) => {
    const controller = new AbortController();
    const call = two.with({ signal: controller.signal }).do((ctx) =>
      new Promise((resolve) => {
        ctx.signal.addEventListener("abort", () => {
          (globalThis as { fired?: boolean }).fired = true;
          resolve(1);
        });
      })
    );
    setTimeout(() => controller.abort(), 50);
    return await call.catch((error: Error) => error.name);
  }, two);
  assert.equal(name, "AbortError");
  assert.equal(await two.do(() => (globalThis as { fired?: boolean }).fired), true);
  await Promise.all([one.close(), two.close()]);
});
