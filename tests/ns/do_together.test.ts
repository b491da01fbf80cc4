import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type DoContext, NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const options = { skip: skipUnlessPrivileged() };

/** Runs a test with a new namespace, whose thread has been started. */
function withThread(name: string, run: (ns: NetNS) => Promise<void>): void {
  leakChecked(name, options, async () => {
    const ns = NetNS.create();
    try {
      await ns.do(() => {});
      await run(ns);
    } finally {
      await ns.close({ force: true });
    }
  });
}

withThread("calls of one turn start in the order in which they were made", async (ns) => {
  const note = (entry: unknown) => {
    const scope = globalThis as { noted?: unknown[] };
    (scope.noted ??= []).push(entry);
  };
  const noteAsync = async (entry: unknown) => {
    const scope = globalThis as { noted?: unknown[] };
    (scope.noted ??= []).push(entry);
    await null;
  };
  const calls: Promise<void>[] = [];
  for (let entry = 0; entry < 100; entry++) {
    calls.push(ns.do(entry % 7 === 0 ? noteAsync : note, entry % 10 === 0 ? { entry } : entry));
  }
  await Promise.all(calls);
  const noted = await ns.do(() =>
    (globalThis as { noted?: (number | { entry: number })[] }).noted!
  );
  const entries = noted.map((entry) => typeof entry === "number" ? entry : entry.entry);
  assert.deepEqual(entries, Array.from({ length: 100 }, (_, entry) => entry));
});

withThread("each call of many has its own result or error", async (ns) => {
  const numbers = Array.from({ length: 200 }, (_, number) => number);
  const settled = await Promise.allSettled(numbers.map((number) =>
    ns.do((number: number) => {
      switch (number % 5) {
        case 0:
          return number;
        case 1:
          return Promise.resolve(number);
        case 2:
          return { number };
        case 3:
          return undefined;
      }
      throw new Error(`no ${number}`);
    }, number)
  ));
  assert.deepEqual(
    settled.map((one) => one.status === "fulfilled" ? one.value : one.reason.message),
    numbers.map((number) => [number, number, { number }, undefined, `no ${number}`][number % 5]),
  );
});

withThread("a call that is aborted in its own turn is aborted alone", async (ns) => {
  const controller = new AbortController();
  const later = () => new Promise<string>((resolve) => setTimeout(() => resolve("done"), 50));
  const calls = [ns.do(later), ns.with({ signal: controller.signal }).do(later), ns.do(later)];
  controller.abort(new Error("not this one"));
  const settled = await Promise.allSettled(calls);
  assert.deepEqual(
    settled.map((one) => one.status === "fulfilled" ? one.value : one.reason.message),
    ["done", "not this one", "done"],
  );
});

leakChecked("a first call that cannot be sent takes nothing from the next", options, async () => {
  const ns = NetNS.create();
  await assert.rejects(ns.do((value: object) => value, new Proxy({}, {})), {
    code: "ERR_NETNS_UNCLONEABLE",
  });
  assert.equal(
    await ns.do((ctx: DoContext) => ctx.host.inode),
    NetNS.home().inode,
  );
  await ns.close();
});

leakChecked("calls that are made right before close() are answered", options, async () => {
  const ns = NetNS.create();
  await ns.do(() => {});
  const calls = [1, 2, 3].map((number) => ns.do((number: number) => number, number));
  await ns.close();
  assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
});

withThread("the stack of each call of a turn tells who made it", async (ns) => {
  const fail = () => {
    throw new Error("with a stack");
  };
  // Were the call the last thing that they do, Bun would give it their frames.
  async function oneCaller() {
    await ns.do(fail);
  }
  async function otherCaller() {
    await ns.do(fail);
  }
  const settled = await Promise.allSettled([oneCaller(), otherCaller(), oneCaller()]);
  const callers = settled.map((one) =>
    /oneCaller|otherCaller/.exec((one as PromiseRejectedResult).reason.stack)?.[0]
  );
  assert.deepEqual(callers, ["oneCaller", "otherCaller", "oneCaller"]);
});

withThread("the stack of a call after many like it tells no other caller", async (ns) => {
  const fail = () => {
    throw new Error("with a stack");
  };
  // Were the calls the last thing that they do, Bun would give them their frames.
  function looping() {
    const calls: Promise<unknown>[] = [];
    for (let count = 0; count < 100; count++) calls.push(ns.do(fail));
    return calls;
  }
  async function another() {
    await ns.do(fail);
  }
  const settled = await Promise.allSettled([...looping(), another()]);
  const callers = settled.map((one) =>
    /looping|another/.exec((one as PromiseRejectedResult).reason.stack)?.[0]
  );
  assert.deepEqual(callers, [...Array(32).fill("looping"), ...Array(69).fill(undefined)]);
});

withThread(
  "a result does not wait for all calls that were made with it",
  (ns) =>
    inTemporaryDirectory(async (directory) => {
      const told = path.join(directory, "told");
      const spin = (told: string, ms: number) => {
        const { existsSync } = globalThis.process.getBuiltinModule("node:fs");
        const end = Date.now() + ms;
        while (Date.now() < end && !existsSync(told));
        return existsSync(told);
      };
      const calls = Array.from({ length: 6 }, async (_, index) => {
        const wasTold = await ns.do(spin, told, index < 5 ? 100 : 10_000);
        if (index === 2) fs.writeFileSync(told, "");
        return wasTold;
      });
      assert.equal((await Promise.all(calls)).at(-1), true);
    }),
);
