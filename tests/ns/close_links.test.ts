import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { deleteLeftoverLinks } from "../../src/leftover_links.ts";
import { openPath } from "../../src/open.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

async function names(ns: NetNS): Promise<string[]> {
  return (await ns.link.list()).map(({ name }) => name);
}

leakChecked("nothing of a closed namespace is seen in another one", options, async () => {
  const [left, right] = [NetNS.create(), NetNS.create()];
  await left.link.add({ kind: "veth", name: "v0", peer: { name: "v1", netns: right } });
  await left.do(() => "a thread that may leave helpers of the runtime behind");
  await left.close();
  for (let attempt = 0; attempt < 500 && (await names(right)).length > 1; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(await names(right), ["lo"]);
  await right.close();
});

leakChecked("closing twice is closing once, also after a link was made", options, async () => {
  const ns = NetNS.create();
  await ns.link.add({ kind: "ifb", name: "ifb0" });
  await ns.do(() => "a thread that may leave helpers of the runtime behind");
  await ns.close();
  await ns.close();
  await Promise.all([ns.close(), ns.close({ force: true })]);
});

leakChecked("links stay in a namespace that has another handle", options, async () => {
  const ns = NetNS.create();
  const other = NetNS.fromFd(ns.fd);
  const { index } = await ns.link.add({ kind: "ifb", name: "ifb0" });
  const namespace = openPath(`/proc/self/fd/${ns.fd}`);
  await deleteLeftoverLinks(namespace, [index]);
  await namespace.close();
  await ns.close();
  assert.deepEqual(await names(other), ["lo", "ifb0"]);
  await other.close();
});

leakChecked("links stay in a namespace that a process is in", options, async () => {
  const ns = NetNS.create();
  await ns.link.add({ kind: "ifb", name: "ifb0" });
  const child = ns.spawn("sleep", ["60"]);
  await new Promise((resolve) => child.once("spawn", resolve));
  await ns.close();
  const again = NetNS.fromPid(child.pid!);
  assert.deepEqual(await names(again), ["lo", "ifb0"]);
  await again.close();
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
});
