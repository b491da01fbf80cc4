/**
 * All namespaces that can be seen, their links, and which links are joined.
 *
 * @module
 */

import { isNetNSError, type Link, NetNS } from "../../../mod.ts";
import { labelOf } from "./label.ts";

/** A link in the picture. */
export interface Node {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly addresses: readonly string[];
}

/** A namespace in the picture. */
export interface Area {
  readonly id: string;
  readonly label: string;
  readonly inode: number;
  readonly links: readonly Node[];
}

/** Two links that are joined. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `veth`: two ends; `port`: of a bridge or bond; `lower`: a link on top of another. */
  readonly kind: "veth" | "port" | "lower";
}

/** The whole picture. */
export interface Topology {
  readonly namespaces: readonly Area[];
  readonly edges: readonly Edge[];
}

interface Opened {
  readonly ns: NetNS;
  readonly label: string;
  readonly links: readonly Link[];
  readonly addresses: ReadonlyMap<string | number, string[]>;
}

/** Looks at all namespaces. */
export async function topology(options: { dir?: string }): Promise<Topology> {
  const opened: Opened[] = [];
  try {
    for (const entry of NetNS.list({ ...options, all: true })) {
      if (entry.inode === 0 || opened.some(({ ns }) => ns.inode === entry.inode)) continue;
      const one = await open(entry.path, entry.name);
      if (one !== undefined) opened.push(one);
    }
    return { namespaces: opened.map(area), edges: await edgesOf(opened) };
  } finally {
    await Promise.all(opened.map(({ ns }) => ns.close()));
  }
}

/** A namespace without a name may end at any time. */
async function open(path: string, name: string | undefined): Promise<Opened | undefined> {
  let ns: NetNS | undefined;
  try {
    ns = NetNS.fromPath(path);
    const addresses = new Map<string | number, string[]>();
    for (const { dev, address } of await ns.addr.list()) {
      addresses.set(dev, [...addresses.get(dev) ?? [], address]);
    }
    const label = name ?? labelOf(ns, path);
    return { ns, label, links: await ns.link.list(), addresses };
  } catch (error) {
    await ns?.close();
    if (isNetNSError(error)) return undefined;
    throw error;
  }
}

function idOf({ ns }: Opened, link: { index: number }): string {
  return `n${ns.inode}_${link.index}`;
}

function area(opened: Opened): Area {
  const { ns, label, links, addresses } = opened;
  return {
    id: `n${ns.inode}`,
    label,
    inode: ns.inode,
    links: links.map((link) => ({
      id: idOf(opened, link),
      name: link.name,
      kind: link.kind ?? String(link.type),
      addresses: addresses.get(link.name) ?? [],
    })),
  };
}

async function edgesOf(opened: readonly Opened[]): Promise<Edge[]> {
  const edges = new Map<string, Edge>();
  for (const one of opened) {
    const known = new Map<number, Opened>();
    for (const other of opened) {
      const nsid = await nsidOf(one.ns, other.ns);
      if (nsid !== undefined) known.set(nsid, other);
    }
    for (const link of one.links) {
      const from = idOf(one, link);
      const master = one.links.find(({ name }) => name === link.master);
      if (master) edges.set(`${from} port`, { from, to: idOf(one, master), kind: "port" });
      const where = link.linkNetnsid === undefined ? one : known.get(link.linkNetnsid);
      const lower = where?.links.find(({ name, index }) =>
        link.link === name || link.link === index
      );
      if (where === undefined || lower === undefined || lower === link) continue;
      const to = idOf(where, lower);
      const kind = link.kind === "veth" ? "veth" : "lower";
      if (!edges.has(`${to} ${from}`)) edges.set(`${from} ${to}`, { from, to, kind });
    }
  }
  return [...edges.values()];
}

/** The id by which one namespace knows another. */
async function nsidOf(one: NetNS, other: NetNS): Promise<number | undefined> {
  let nsid: Promise<number | undefined> | undefined;
  one.doSync(() => {
    // It is asked at once, in the namespace that the thread is in.
    nsid = other.getNsid();
  });
  return await nsid;
}
