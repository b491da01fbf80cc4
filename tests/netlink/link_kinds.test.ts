import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { isNetNSError } from "../../src/errors.ts";
import type { Link, LinkAdd } from "../../src/netlink/link/link.ts";
import { kindSamples } from "../helpers/kinds.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipIf } from "../helpers/requirements.ts";

type Members = Record<string, unknown>;

/** Members that tell of a moment, or of one link only. */
const momentary = new Set([
  ...["stats", "carrierChanges", "carrierUpCount", "carrierDownCount", "operstate", "carrier"],
  ...[
    "permMac",
    "flags",
    "helloTimer",
    "tcnTimer",
    "topologyChangeTimer",
    "gcTimer",
    "reservedBits",
  ],
  // Bridges take the limit of a port that they once had, and its address until they are given one.
  ...["tsoMaxSize", "tsoMaxSegs", "bridgeId", "rootId"],
]);

function lasting(link: Link): Members {
  return Object.fromEntries(Object.entries(link).filter(([name]) => !momentary.has(name)));
}

/** Runs a function in a new namespace with a link `low`. */
async function withLow<T>(run: (ns: NetNS) => Promise<T>): Promise<T> {
  const ns = NetNS.create();
  try {
    await ns.link.add({ kind: "veth", name: "low", up: true, peer: { name: "low-peer" } });
    return await run(ns);
  } finally {
    await ns.close();
  }
}

const known = new Map<string, boolean>();

/** Whether the kernel has a kind. */
async function hasKind(options: LinkAdd): Promise<boolean> {
  if (!known.has(options.kind)) {
    known.set(
      options.kind,
      await withLow((ns) => tryKind(ns, options)),
    );
  }
  return known.get(options.kind)!;
}

async function tryKind(ns: NetNS, options: LinkAdd): Promise<boolean> {
  try {
    await ns.link.add({ ...options, name: "x0" });
  } catch (error) {
    if (isNetNSError(error) && /Unknown device type/.test(error.extack?.message ?? "")) {
      return false;
    }
  }
  return true;
}

async function show(ns: NetNS): Promise<Members> {
  const { stdout } = await ns.exec("ip", ["-j", "-d", "link", "show", "dev", "x0"]);
  return JSON.parse(stdout)[0] as Members;
}

const missing = new Set<string>();
for (const { options } of kindSamples) {
  if (!(await hasKind(options))) missing.add(options.kind);
}

for (const { options, iproute2, shown } of kindSamples) {
  const { kind } = options;
  const which = kindSamples.filter((other) => other.options.kind === kind).length > 1
    ? `${kind} ${(options as { mode?: string }).mode}`
    : kind;
  const skip = skipIf(missing.has(kind), `the kernel has no ${kind}`);
  const told = Object.entries(options).filter(([name]) => !["peer", "link"].includes(name));

  leakChecked(`a ${which} has the options that it was made with`, { skip }, async () => {
    await withLow(async (ns) => {
      const made = await ns.link.add({ ...options, name: "x0" }) as Link & Members;
      for (const [name, value] of told) assert.deepEqual(made[name], value, name);
      assert.deepEqual(lasting(await ns.link.get("x0")), lasting(made));
    });
  });

  leakChecked(`ip shows a ${which} as it was made`, { skip }, async () => {
    await withLow(async (ns) => {
      await ns.link.add({ ...options, name: "x0" });
      const { linkinfo, ...link } = await show(ns) as { linkinfo: Members; mtu: number };
      assert.equal(linkinfo.info_kind, kind);
      if (options.mtu !== undefined) assert.equal(link.mtu, options.mtu);
      const data = (linkinfo.info_data ?? {}) as Members;
      for (const [name, value] of Object.entries(shown)) assert.deepEqual(data[name], value, name);
    });
  });

  leakChecked(`a ${which} that ip makes is read as ours`, {
    skip: skip || skipIf(kind === "netkit", "iproute2 has no netkit"),
  }, async () => {
    await withLow(async (ns) => {
      await ns.exec("ip", ["link", "add", "x0", ...iproute2.split(" ")]);
      const link = await ns.link.get("x0") as Link & Members;
      for (const [name, value] of told) {
        if (name !== "macaddrs") assert.deepEqual(link[name], value, name);
      }
    });
  });

  leakChecked(`a ${which} can be made again from what was read`, { skip }, async () => {
    await withLow(async (ns) => {
      await ns.link.add({ ...options, name: "x0", altnames: ["x-zero"], alias: "x", group: 7 });
      const read = await ns.link.get("x0");
      await ns.link.set("x0", read);
      assert.deepEqual(lasting(await ns.link.get("x0")), lasting(read));
      await ns.link.del("x0");
      assert.ok(read.kind !== undefined);
      assert.deepEqual(lasting(await ns.link.add(read)), lasting(read));
    });
  });
}

leakChecked("a change of a tunnel leaves its other options as they are", {
  skip: skipIf(missing.has("gre"), "the kernel has no gre"),
}, async () => {
  await withLow(async (ns) => {
    const options = {
      remote: "10.9.9.9",
      local: "10.1.2.3",
      ikey: 5,
      okey: 6,
      oseq: true,
    } as const;
    await ns.link.add({ kind: "gre", name: "x0", ...options });
    await ns.link.set("x0", { kind: "gre", ttl: 9 });
    const link = await ns.link.get("x0");
    assert.ok(link.kind === "gre");
    const { remote, local, ikey, okey, oseq, ttl } = link;
    assert.deepEqual({ remote, local, ikey, okey, oseq, ttl }, { ...options, ttl: 9 });
    await ns.link.set("x0", { kind: "gre", okey: null });
    const keyless = await ns.link.get("x0");
    assert.ok(keyless.kind === "gre" && keyless.okey === null && keyless.ikey === 5);
  });
});

leakChecked("links are ports of a bond and of a vrf", {
  skip: skipIf(missing.has("bond") || missing.has("vrf"), "the kernel has no bond or no vrf"),
}, async () => {
  await withLow(async (ns) => {
    await ns.link.add({ kind: "bond", name: "bond0", mode: "active-backup", miimon: 100 });
    const options = { kind: "veth", name: "x0", peer: { name: "y0" } } as const;
    const port = { kind: "bond", queueId: 3 } as const;
    const made = await ns.link.add({ ...options, master: "bond0", port });
    assert.ok(made.port?.kind === "bond" && made.port.queueId === 3);
    await ns.link.set("bond0", { kind: "bond", primary: "x0" });
    const bond = await ns.link.get("bond0");
    assert.ok(bond.kind === "bond" && bond.primary === "x0");

    await ns.link.add({ kind: "vrf", name: "vrf0", table: 77 });
    await ns.link.set("y0", { master: "vrf0" });
    assert.deepEqual((await ns.link.get("y0")).port, { kind: "vrf", table: 77 });
    await ns.link.set("y0", { master: null });
    assert.equal((await ns.link.get("y0")).port, undefined);
  });
});
