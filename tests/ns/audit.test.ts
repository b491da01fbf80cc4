import assert from "node:assert/strict";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

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
