/**
 * Which kinds of links the kernel can make.
 *
 * @module
 */

import { isNetNSError, type LinkAdd, NetNS } from "../../../mod.ts";
import type { Finding } from "./examine.ts";

const kinds: readonly LinkAdd[] = [
  { kind: "veth" },
  { kind: "bridge" },
  { kind: "dummy" },
  { kind: "ifb" },
  { kind: "vlan", id: 2, link: "base" },
  { kind: "macvlan", link: "base" },
  { kind: "ipvlan", link: "base" },
  { kind: "vxlan", id: 2, dstport: 4789 },
  { kind: "vrf", table: 10 },
  { kind: "bond" },
  { kind: "wireguard" },
];

/** Modules that are not called as their kind. */
const modules: Readonly<Record<string, string>> = { bond: "bonding", vlan: "8021q" };

/** Tries each kind in a namespace that is thrown away. */
export async function examineKinds(): Promise<Finding[]> {
  const ns = NetNS.create();
  const missing: string[] = [];
  const made: string[] = [];
  try {
    await ns.link.add({ kind: "veth", name: "base" });
    for (const options of kinds) {
      try {
        await ns.link.add({ ...options, name: "probe" } as LinkAdd);
        await ns.link.del("probe");
        made.push(options.kind);
      } catch (error) {
        if (!isNetNSError(error)) throw error;
        missing.push(options.kind);
      }
    }
  } finally {
    await ns.close();
  }
  const findings: Finding[] = [{ state: "ok", what: `kinds of links: ${made.join(" ")}` }];
  if (missing.length > 0) {
    findings.push({
      state: "warning",
      what: `kinds that this kernel cannot make: ${missing.join(" ")}`,
      remedy: `load their modules: modprobe -a ${
        missing.map((kind) => modules[kind] ?? kind).join(" ")
      }`,
    });
  }
  return findings;
}
