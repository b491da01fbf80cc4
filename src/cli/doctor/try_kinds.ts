/**
 * Which kinds of links the kernel makes when it is asked to.
 *
 * @module
 */

import { isNetNSError, type LinkAdd, NetNS, type NetNSError } from "../../../mod.ts";

/** What is looked for. */
export const kinds: readonly LinkAdd[] = [
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

/** The links on which others can be, in the order in which they are tried. */
const bases: readonly LinkAdd[] = [{ kind: "veth" }, { kind: "dummy" }, { kind: "bridge" }];

/** What became of each kind. */
export interface Tried {
  readonly made: string[];
  /** The kernel does not know it. */
  readonly missing: string[];
  /** It could not be made for another reason. */
  readonly failed: { readonly kind: string; readonly error: NetNSError }[];
}

/** Tries each kind in a namespace that is thrown away. */
export async function tryKinds(): Promise<Tried> {
  const tried: Tried = { made: [], missing: [], failed: [] };
  const ns = NetNS.create({ loopback: false });
  try {
    for (const base of bases) {
      if (await refusal(ns, { ...base, name: "base" }) === undefined) break;
    }
    for (const options of kinds) {
      const { kind } = options;
      const error = await refusal(ns, { ...options, name: "probe" });
      if (error === undefined) {
        tried.made.push(kind);
        await ns.link.del("probe");
      } else if (error.code === "EOPNOTSUPP") tried.missing.push(kind);
      else tried.failed.push({ kind, error });
    }
  } finally {
    await ns.close();
  }
  return tried;
}

/** Why a link cannot be added; undefined where it was. */
async function refusal(ns: NetNS, options: LinkAdd): Promise<NetNSError | undefined> {
  try {
    await ns.link.add(options);
    return undefined;
  } catch (error) {
    if (!isNetNSError(error)) throw error;
    return error;
  }
}
