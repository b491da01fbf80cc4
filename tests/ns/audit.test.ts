import assert from "node:assert/strict";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };
const stray = new URL("../fixtures/stray.ts", import.meta.url);

leakChecked("audit() names every thread, and why it is where it is", options, async () => {
  const ns = NetNS.create();
  const before = NetNS.audit();
  assert.ok(before.some(({ tid, owner }) => tid === process.pid && owner === "home"));
  await ns.do(() => {});
  const inside = NetNS.audit().filter(({ inode }) => inode === ns.inode);
  assert.ok(inside.some(({ owner }) => owner === `thread of network namespace net:[${ns.inode}]`));
  assert.deepEqual(inside.filter((thread) => thread.stray), []);
  await ns.close();
});

leakChecked("a thread that a program leaves inside is flagged as a stray", options, async () => {
  const { stdout, stderr } = await runScript(stray);
  assert.equal(Number(stdout) >= 1, true, stdout);
  assert.equal(stderr, "");
});

leakChecked("NETNS_DEBUG=audit prints each stray once, after the call", options, async () => {
  const { stdout, stderr } = await runScript(stray, { env: { NETNS_DEBUG: "audit" } });
  const lines = stderr.trim().split("\n");
  // Helpers of the runtime come and go between the two looks, so that their numbers may differ.
  assert.ok(lines.length >= 1 && Number(stdout) >= 1, stderr);
  assert.equal(new Set(lines).size, lines.length, stderr);
  for (const line of lines) {
    assert.match(line, /^netns: after (doSync|close): thread \d+ \(.+\) is a stray/);
  }
});

leakChecked(
  "after close() only helpers of the runtime may be left, named as such",
  options,
  async () => {
    const ns = NetNS.create();
    await ns.do(() => {
      // Lets Bun's collector and compiler start their helpers inside.
      let made: object[] = [];
      for (let round = 0; round < 300_000; round++) {
        made.push({ round });
        if (made.length > 10_000) made = [];
      }
    });
    await ns.close();
    for (const { inode, name, owner, stray } of NetNS.audit()) {
      if (inode !== ns.inode) continue;
      assert.equal(runtime, "bun", name);
      assert.equal(owner, `${name}, a garbage collector or compiler of the runtime`);
      assert.equal(stray, false);
    }
  },
);
