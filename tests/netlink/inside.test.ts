import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

leakChecked("the path of the thread's own namespace is that inside, too", { skip }, async () => {
  const ns = NetNS.create();
  const other = NetNS.create();
  try {
    const found = await ns.do(async (other, ctx) => {
      const netns = "/proc/thread-self/ns/net";
      // A link of the other namespace, made here.
      const link = await other.link.add({ kind: "ifb", name: "mine", netns });
      await other.link.add({ kind: "veth", name: "v0", peer: { name: "v1", netns } });
      const names = (await ctx.ns.link.list()).map(({ name }) => name);
      return { name: link.name, names, nsid: await other.nsid.get(netns) };
    }, other);
    assert.equal(found.name, "mine");
    assert.deepEqual(found.names.sort(), ["lo", "mine", "v1"]);
    assert.equal(found.nsid, await other.nsid.get(ns));
  } finally {
    await ns.close();
    await other.close();
  }
});

leakChecked("what is no method outside is none inside", { skip }, async () => {
  const ns = NetNS.create();
  try {
    const types = await ns.do((ctx) => {
      const link = ctx.ns.link as unknown as Record<string, unknown>;
      return ["add", "nothing", "then"].map((name) => typeof link[name]);
    });
    assert.deepEqual(types, ["function", "undefined", "undefined"]);
  } finally {
    await ns.close();
  }
});
