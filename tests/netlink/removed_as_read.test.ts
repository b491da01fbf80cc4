import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipTests, skipWithoutQdisc } from "../helpers/traffic_control_kinds.ts";

const skip = skipTests || await skipWithoutQdisc({ kind: "htb" });

leakChecked("qdiscs, classes and filters are removed by what was read of them", {
  skip,
}, async () => {
  const ns = NetNS.create();
  try {
    const root = await ns.qdisc.add({ dev: "lo", kind: "htb", handle: "1:" });
    const clsact = await ns.qdisc.add({ dev: "lo", kind: "clsact" });
    const one = { dev: "lo", kind: "htb", rate: "1mbit" } as const;
    const made = await ns.class.add({ ...one, classid: "1:10", parent: "1:" });
    const [listed] = await ns.class.list({ dev: "lo" });
    assert.equal(listed!.classid, made.classid);
    const match = [{ ip: { dport: 80 } }];
    const where = { dev: "lo", kind: "u32", protocol: "ip" } as const;
    const first = await ns.filter.add({ ...where, parent: "ingress", match, classid: "1:1" });
    const second = await ns.filter.add({
      ...where,
      parent: "ingress",
      pref: first.pref,
      match,
      classid: "1:2",
    });
    await ns.filter.del(first);
    const left = await ns.filter.list({ dev: "lo", parent: "ingress" });
    const handles = left.map(({ handle }) => handle);
    assert.ok(handles.includes(second.handle) && !handles.includes(first.handle));
    await ns.filter.del(second);
    await ns.class.del(listed!);
    assert.deepEqual(await ns.class.list({ dev: "lo" }), []);
    for (const qdisc of [root, clsact]) await ns.qdisc.del(qdisc);
    assert.deepEqual((await ns.qdisc.list({ dev: "lo" })).map(({ kind }) => kind), ["noqueue"]);
  } finally {
    await ns.close();
  }
});

leakChecked("what a qdisc to remove cannot have is refused", { skip }, async () => {
  const ns = NetNS.create();
  try {
    const none = { bogus: 1 };
    const error = { name: "TypeError", message: /^options\.bogus is not an option/ };
    await assert.rejects(ns.qdisc.del({ dev: "lo", ...none }), error);
    await assert.rejects(ns.qdisc.del({ dev: "lo", kind: "htb", ...none }), error);
    await assert.rejects(ns.class.del({ dev: "lo", classid: "1:1", ...none }), error);
    await assert.rejects(ns.filter.del({ dev: "lo", kind: "u32", ...none }), error);
  } finally {
    await ns.close();
  }
});
