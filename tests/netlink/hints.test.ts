import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { isNetNSError, type NetNSError } from "../../src/errors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** The error of a request. */
async function refusal(request: Promise<unknown>): Promise<NetNSError> {
  const error = await request.then(() => undefined, (error: unknown) => error);
  assert.ok(isNetNSError(error), `it is ${error}`);
  return error;
}

leakChecked("hints are about what was asked for", { skip }, async () => {
  const ns = NetNS.create();
  try {
    await ns.link.add({ kind: "ifb", name: "e0" });
    await ns.link.set("lo", { up: true });
    await ns.addr.add({ dev: "e0", address: "10.0.0.2/24" });
    const { index } = await ns.link.get("e0");
    const cases: [code: string, hint: RegExp, request: Promise<unknown>][] = [
      ["ENETUNREACH", /^no route leads there$/, ns.route.get("192.0.2.1")],
      ["EEXIST", /or one of this index$/, ns.link.add({ kind: "ifb", name: "e1", index })],
      [
        "EEXIST",
        /^the namespace has a link of this name$/,
        ns.link.add({ kind: "ifb", name: "e0" }),
      ],
      ["EINVAL", /6 bytes on Ethernet$/, ns.link.set("e0", { mac: "02:00:00" })],
      ["EADDRNOTAVAIL", /give the length/, ns.addr.del({ dev: "e0", address: "10.0.0.2" })],
      ["EADDRNOTAVAIL", /no such address$/, ns.addr.del({ dev: "e0", address: "10.0.0.3/24" })],
      ["ENOENT", /modprobe sch_nosuch\)$/, ns.qdisc.add({ dev: "e0", kind: "nosuch" })],
    ];
    for (const [code, hint, request] of cases) {
      const error = await refusal(request);
      assert.equal(error.code, code, error.message);
      assert.match(error.hint!, hint, error.message);
    }
  } finally {
    await ns.close();
  }
});

leakChecked(
  "a kernel without VLANs of bridges, a port that does not forward",
  { skip },
  async () => {
    const ns = NetNS.create();
    try {
      await ns.link.add({ kind: "bridge", name: "br0" });
      await ns.link.add({ kind: "ifb", name: "e0", master: "br0" });
      const entry = {
        dev: "e0",
        mac: "02:00:00:00:00:09",
        master: true,
        state: "dynamic" as const,
      };
      const error = await refusal(ns.fdb.add(entry));
      assert.equal(error.code, "EPERM");
      assert.match(error.hint!, /bring the port up/);
      await ns.qdisc.add({ dev: "e0", kind: "clsact" });
      const filter = await refusal(ns.filter.add({ dev: "e0", parent: "ingress", kind: "nosuch" }));
      assert.match(filter.hint!, /modprobe cls_nosuch\)$/);
      const change = ns.link.set("br0", { kind: "bridge", vlanFiltering: true });
      const failure = await change.then(() => undefined, (error: unknown) => error);
      // Most kernels have them.
      if (failure !== undefined) {
        assert.ok(isNetNSError(failure));
        assert.match(failure.hint!, /CONFIG_BRIDGE_VLAN_FILTERING$/);
      }
    } finally {
      await ns.close();
    }
  },
);

leakChecked("a namespace that cannot be opened is told with its option", { skip }, async () => {
  const ns = NetNS.create();
  try {
    await ns.link.add({ kind: "ifb", name: "e0" });
    const netns = "no such name";
    const nowhere = `Cannot open network namespace "/run/netns/${netns}": there is no such name`;
    const found: [op: string, option: string, request: Promise<unknown>][] = [
      ["link add e1", "options.netns", ns.link.add({ kind: "ifb", name: "e1", netns })],
      ["link add veth", "options.peer.netns", ns.link.add({ kind: "veth", peer: { netns } })],
      ["link set e0", "changes.netns", ns.link.set("e0", { netns })],
      ["nsid get", "netns", ns.nsid.get(netns)],
      ["nsid set 7", "netns", ns.nsid.set(netns, 7)],
    ];
    for (const [op, option, request] of found) {
      const error = await refusal(request);
      assert.equal(error.op, op);
      const code = "ERR_NETNS_NOT_FOUND";
      assert.equal(error.message, `${op} failed with ${code}: ${option}: ${nowhere}`);
      assert.equal(error.code, code);
    }
    await assert.rejects(ns.link.add({ kind: "veth", peer: { netns: -1 } }), {
      name: "RangeError",
      message: /^options\.peer\.netns must be/,
    });
    await assert.rejects(ns.nsid.get(0), { name: "RangeError", message: /^netns must be/ });
  } finally {
    await ns.close();
  }
});
