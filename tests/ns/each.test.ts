import assert from "node:assert/strict";
import fs from "node:fs";
import { networkInterfaces } from "node:os";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { currentNetns } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

async function withThree(use: (handles: NetNS[]) => unknown): Promise<void> {
  const handles = Array.from({ length: 3 }, () => NetNS.create());
  try {
    await use(handles);
  } finally {
    await Promise.all(handles.map((ns) => ns.close()));
  }
}

leakChecked("each() runs in every namespace, in order, and comes home", { skip }, async () => {
  await withThree((handles) => {
    const home = currentNetns();
    const found = NetNS.each(handles, (ns, index) => [index, ns, currentNetns()]);
    assert.deepEqual(found, handles.map((ns, index) => [index, ns, `net:[${ns.inode}]`]));
    assert.equal(currentNetns(), home);
    assert.deepEqual(NetNS.each(new Set(handles), () => Object.keys(networkInterfaces())), [
      ["lo"],
      ["lo"],
      ["lo"],
    ]);
    assert.deepEqual(NetNS.each([], () => 1), []);
  });
});

leakChecked("each() leaves out the rest when a function throws", { skip }, async () => {
  await withThree((handles) => {
    const home = currentNetns();
    const visited: number[] = [];
    const error = new Error("enough");
    assert.throws(() =>
      NetNS.each(handles, (_, index) => {
        visited.push(index);
        if (index === 1) throw error;
      }), (thrown) => thrown === error);
    assert.deepEqual(visited, [0, 1]);
    assert.equal(currentNetns(), home);
  });
});

leakChecked("each() and doSync() may be nested in each other", { skip }, async () => {
  await withThree((handles) => {
    const [one, two, three] = handles as [NetNS, NetNS, NetNS];
    const outer = NetNS.each([one, two], (ns) => [
      three.doSync(currentNetns),
      currentNetns() === `net:[${ns.inode}]`,
      NetNS.each([two, one], currentNetns).join(),
      currentNetns() === `net:[${ns.inode}]`,
    ]);
    const inner = [`net:[${three.inode}]`, true, `net:[${two.inode}],net:[${one.inode}]`, true];
    assert.deepEqual(outer, [inner, inner]);
  });
});

leakChecked("each() refuses what it cannot do, before it moves", { skip }, async () => {
  await withThree(async (handles) => {
    const closed = NetNS.create();
    await closed.close();
    let calls = 0;
    const count = () => void calls++;
    assert.throws(() => NetNS.each([...handles, closed], count), { code: "ERR_NETNS_CLOSED" });
    assert.throws(() => NetNS.each([...handles, 1 as never], count), {
      name: "TypeError",
      message: "handles[3] must be a NetNS: current value is 1",
    });
    assert.throws(() => NetNS.each(handles, 1 as never), TypeError);
    assert.throws(() => NetNS.each(handles, (async () => await 1) as never), {
      code: "ERR_NETNS_ASYNC_IN_SYNC",
    });
    assert.equal(calls, 0);
    const home = currentNetns();
    assert.throws(() => NetNS.each(handles, (() => Promise.resolve(1)) as never), {
      code: "ERR_NETNS_ASYNC_IN_SYNC",
    });
    assert.equal(fs.readlinkSync("/proc/thread-self/ns/net"), home);
  });
});
