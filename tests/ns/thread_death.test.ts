import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };
const exited = { code: "ERR_NETNS_THREAD_EXITED" };

leakChecked("process.exit() inside rejects every pending call", options, async () => {
  const ns = NetNS.create();
  const pending = [1, 2, 3].map(() => assert.rejects(ns.do(() => new Promise(() => {})), exited));
  await assert.rejects(
    ns.do(async () => {
      const process = await import("node:process");
      process.default.exit(7);
    }),
    exited,
  );
  await Promise.all(pending);
  assert.equal(await ns.do(() => "a fresh thread"), "a fresh thread");
  await ns.close();
});

leakChecked("an error in a callback that nobody awaits hangs no call", options, async () => {
  const ns = NetNS.create();
  await assert.rejects(
    ns.do(() => {
      setTimeout(() => {
        throw new RangeError("from a timer");
      }, 10);
      return new Promise(() => {});
    }),
    (error: Error & { code: string; cause: Error }) => {
      assert.equal(error.code, exited.code);
      assert.match(String(error.cause), /from a timer/);
      return true;
    },
  );
  assert.equal(await ns.do(() => 1), 1);
  await ns.close();
});

leakChecked("an unhandled rejection inside hangs no call", options, async () => {
  const ns = NetNS.create();
  await assert.rejects(
    ns.do(() => {
      setTimeout(() => Promise.reject(new Error("nobody listens")), 10);
      return new Promise(() => {});
    }),
    exited,
  );
  await ns.close();
});

const anything = [
  ["null", /uncaught error: .*null/],
  ["undefined", /uncaught error: .*undefined/],
  ["'a text'", /uncaught error: .*a text/],
  ["Symbol('a')", /uncaught error: .*Symbol\(a\)/],
  ["Object.create(null)", /uncaught error: ./],
] as const;
for (const [thrown, message] of anything) {
  leakChecked(`a callback inside that throws ${thrown} hangs no call`, options, async () => {
    const ns = NetNS.create();
    const pending = assert.rejects(ns.do(() => new Promise(() => {})), exited);
    const call = ns.do((thrown: string) => {
      setTimeout(() => {
        throw (0, eval)(thrown);
      });
      return new Promise(() => {});
    }, thrown);
    await assert.rejects(call, { ...exited, message });
    await pending;
    assert.equal(await ns.do(() => 1), 1);
    await ns.close();
  });
}

leakChecked("a rejection inside with null that nobody handles hangs no call", options, async () => {
  const ns = NetNS.create();
  await assert.rejects(
    ns.do(() => {
      Promise.reject(null);
      return new Promise(() => {});
    }),
    exited,
  );
  assert.equal(await ns.do(() => 1), 1);
  await ns.close();
});

leakChecked("each call that a dead thread leaves has an error of its own", options, async () => {
  const ns = NetNS.create();
  // Were the call the last thing that they do, Bun would give it their frames.
  async function oneCaller() {
    await ns.do(() => new Promise(() => {}));
  }
  async function otherCaller() {
    await ns.do(() => new Promise(() => {}));
  }
  const ends = [
    () => ns.do(async () => (await import("node:process")).default.exit(7)).catch(() => {}),
    () => ns.close({ force: true }),
  ];
  for (const end of ends) {
    const calls = [oneCaller(), otherCaller()];
    const settled = Promise.allSettled(calls);
    await end();
    const [one, other] = (await settled).map((one) => (one as PromiseRejectedResult).reason);
    assert.notEqual(one, other);
    assert.deepEqual([one.code, one.path], [other.code, other.path]);
    assert.equal(one.message, other.message);
    assert.match(one.stack, /oneCaller/);
    assert.match(other.stack, /otherCaller/);
    assert.doesNotMatch(one.stack, /otherCaller/);
  }
});

leakChecked("the thread that replaces a dead one is in the namespace again", options, async () => {
  const ns = NetNS.create();
  const where = async () => (await import("node:fs")).readlinkSync("/proc/thread-self/ns/net");
  for (let round = 0; round < 3; round++) {
    assert.equal(await ns.do(where), `net:[${ns.inode}]`);
    await assert.rejects(
      ns.do(async () => (await import("node:process")).default.exit()),
      exited,
    );
  }
  await ns.close();
});

leakChecked(
  "calls made from inside are rejected when the calling thread dies",
  options,
  async () => {
    const [one, two] = [NetNS.create(), NetNS.create()];
    const call = one.do(async (two) => {
      const call = two.do((ctx) =>
        new Promise((resolve) =>
          ctx.signal.addEventListener("abort", () => {
            (globalThis as { fired?: boolean }).fired = true;
            resolve(1);
          })
        )
      );
      setTimeout(async () => (await import("node:process")).default.exit(), 200);
      await call;
    }, two);
    await assert.rejects(call, exited);
    assert.equal(await two.do(() => (globalThis as { fired?: boolean }).fired), true);
    await Promise.all([one.close(), two.close()]);
  },
);
