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
  ...["flags", "helloTimer", "tcnTimer", "topologyChangeTimer", "gcTimer", "reservedBits"],
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
    ? `${kind} ${(options as unknown as Members).mode}`
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
