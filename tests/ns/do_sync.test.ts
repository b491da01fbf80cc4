import assert from "node:assert/strict";
import { isNetNSError, NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const options = { skip: skipUnlessPrivileged() };
const asyncInSync = { code: "ERR_NETNS_ASYNC_IN_SYNC" };

leakChecked("doSync() runs a closure inside, and brings the thread back", options, async () => {
  const ns = NetNS.create();
  const seen: number[] = [];
  const result = ns.doSync((home) => {
    seen.push(whereAmI());
    return home;
  });
  assert.deepEqual(seen, [ns.inode]);
  assert.equal(result, NetNS.home());
  assert.equal(whereAmI(), NetNS.home().inode);
  await ns.close();
});

leakChecked("doSync() returns the error of the function as it is", options, async () => {
  const ns = NetNS.create();
  const potato = new Error("potato");
  assert.throws(() =>
    ns.doSync(() => {
      throw potato;
    }), (error) => error === potato);
  assert.equal(whereAmI(), NetNS.home().inode);
  await ns.close();
});

leakChecked("doSync() nests, and each function gets the caller's namespace", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  const path = one.doSync((home) =>
    two.doSync((outer) => [home, outer, whereAmI(), outer.doSync(whereAmI)])
  );
  assert.deepEqual(path, [NetNS.home(), one, two.inode, one.inode]);
  assert.equal(whereAmI(), NetNS.home().inode);
  await Promise.all([one.close(), two.close()]);
});

leakChecked("doSync() refuses async and generator functions before they run", options, async () => {
  const ns = NetNS.create();
  let ran = false;
  assert.throws(() =>
    ns.doSync(
      (async () => {
        ran = true;
        await Promise.resolve();
      }) as never,
    ), asyncInSync);
  assert.throws(() =>
    ns.doSync(function* () {
      ran = true;
      yield 1;
    }), asyncInSync);
  assert.equal(ran, false);
  assert.throws(() => ns.doSync((() => Promise.resolve(1)) as never), asyncInSync);
  assert.throws(() => ns.doSync((() => Promise.reject(new Error("unseen"))) as never), asyncInSync);
  assert.throws(() => ns.doSync(() => ({ then() {} })), asyncInSync);
  assert.throws(() => ns.doSync(undefined as never), TypeError);
  assert.equal(whereAmI(), NetNS.home().inode);
  await ns.close();
});

leakChecked("a handle closed inside its own window brings the thread back", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  let closing: Promise<void>[] = [];
  one.doSync(() =>
    two.doSync(() => {
      closing = [one.close(), two.close()];
    })
  );
  assert.equal(whereAmI(), NetNS.home().inode);
  await Promise.all(closing);
  assert.throws(() => one.doSync(() => {}), { code: "ERR_NETNS_CLOSED" });
});

leakChecked("set() moves the calling thread until it is moved again", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  try {
    one.set();
    assert.equal(whereAmI(), one.inode);
    const current = NetNS.current();
    assert.ok(current.equals(one));
    assert.equal(two.doSync((from) => from.inode), one.inode);
    assert.equal(whereAmI(), one.inode, "doSync() comes back to where the thread was");
    assert.equal(await two.do((ctx) => ctx.host.inode), one.inode);
    await current.close();
  } finally {
    NetNS.home().set();
  }
  assert.equal(whereAmI(), NetNS.home().inode);
  await Promise.all([one.close(), two.close()]);
});

leakChecked("set() inside doSync() holds until that returns", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  one.set();
  two.doSync(() => {
    NetNS.home().set();
    assert.equal(whereAmI(), NetNS.home().inode);
    assert.equal(two.doSync((from) => from.inode), NetNS.home().inode);
  });
  assert.equal(whereAmI(), one.inode);
  assert.equal(two.doSync(whereAmI), two.inode);
  assert.equal(whereAmI(), one.inode);
  NetNS.home().set();
  await Promise.all([one.close(), two.close()]);
});

leakChecked("a thread that cannot be brought back is refused from then on", options, async () => {
  const script = new URL("../fixtures/restore_failed.ts", import.meta.url);
  const { stdout, stderr } = await runScript(script);
  assert.equal(
    stdout.trim(),
    [
      "the error of the function: from inside",
      ...[
        "create",
        "current",
        "home",
        "fromPath",
        "fromPid",
        "list",
        "isNetNS",
        "identify",
        "audit",
        "doSync",
        "set",
        "pids",
        "do",
        "exec",
        "getNsid",
        "setNsid",
        "link.list",
        "link.list of an object that was taken before",
        "link.list at home",
        "link.dump",
        "link.dump of before",
        "addr.add",
        "pool.take",
      ].map((name) => `${name}: ERR_NETNS_RESTORE_FAILED`),
      "pool.close: no error",
      "close: no error",
    ].join("\n"),
    stderr,
  );
});

leakChecked("10,000 doSync() calls leave nothing behind", options, async () => {
  const ns = NetNS.create();
  let sum = 0;
  for (let i = 0; i < 10_000; i++) sum += ns.doSync(() => i);
  assert.equal(sum, 9_999 * 5_000);
  await ns.close();
});

leakChecked("isNetNSError() knows the library's errors", async () => {
  assert.equal(isNetNSError(new Error("other")), false);
  assert.equal(isNetNSError(null), false);
  await Promise.resolve();
});
