import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { NetNS, type NetNSPool } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

const skip = skipUnlessPrivileged();

async function untilReady(pool: NetNSPool, count: number): Promise<void> {
  while (pool.ready < count) await sleep(5);
}

leakChecked("a pool keeps so many namespaces ready, each of its own", { skip }, async () => {
  const pool = NetNS.pool({ size: 3, loopback: false });
  await untilReady(pool, 3);
  await sleep(20);
  assert.equal(pool.ready, 3);
  const taken = Array.from({ length: 5 }, () => pool.take());
  assert.equal(new Set(taken.map((ns) => ns.inode)).size, 5);
  assert.deepEqual(await taken[0]!.doSync(() => []), []);
  assert.equal((await taken[0]!.link.get("lo")).up, false);
  await untilReady(pool, 3);
  await pool.close();
  assert.equal(pool.ready, 0);
  assert.equal(taken[4]!.closed, false);
  await Promise.all(taken.map((ns) => ns.close()));
});

leakChecked("a closed pool gives nothing, and closing it again is nothing", { skip }, async () => {
  const pool = NetNS.pool({ size: 1 });
  await Promise.all([pool.close(), pool.close()]);
  assert.throws(() => pool.take(), { code: "ERR_NETNS_CLOSED" });
  await sleep(20);
  assert.equal(pool.ready, 0);
});

leakChecked("a pool refuses bad options", { skip }, () => {
  for (const size of [0, -1, 1.5, NaN, 10_001, "2", undefined, null]) {
    assert.throws(() => NetNS.pool({ size: size as number }), (error) => {
      return (error instanceof RangeError || error instanceof TypeError) &&
        error.message.startsWith("options.size must be ");
    });
  }
  assert.throws(
    () => NetNS.pool({ size: 1, name: "a" } as never),
    /options\.name is not an option/,
  );
  assert.throws(() => NetNS.pool(undefined as never), TypeError);
});

leakChecked("a pool keeps no process alive", { skip }, async () => {
  const script = new URL("../fixtures/pool_at_exit.ts", import.meta.url);
  const { stdout, stderr } = await runScript(script);
  assert.equal(stderr, "");
  assert.equal(stdout, "end\n");
});
