/**
 * All namespaces that can be seen, their links, and which links are joined.
 *
 * @module
 */

import { type Link, NetNS } from "../../../mod.ts";
import { type FoundNamespace, listAll } from "../../all_namespaces.ts";
import type { NetNSError } from "../../errors.ts";
import { attempt } from "../commands/shared.ts";
import { GONE } from "../look_inside.ts";
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
  /** 0 where this process may not look. */
  readonly inode: number;
  /** Missing where they could not be seen. */
  readonly links?: readonly Node[];
  /** Why links are missing. */
  readonly error?: string;
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

/** Looks at all namespaces; tells of those that it may not look into. */
export async function topology(
  options: { dir?: string },
): Promise<{ picture: Topology; errors: NetNSError[] }> {
  const namespaces: Area[] = [];
  const opened: Opened[] = [];
  const errors: NetNSError[] = [];
  try {
    for (const entry of listAll(options)) {
      const drawn = namespaces.some(({ inode }) => inode !== 0 && inode === entry.inode);
      if (entry.stale || drawn) continue;
      const failed: NetNSError[] = [];
      const one = await attempt(failed, () => open(entry));
      const [error] = failed;
      if (one !== undefined) {
        opened.push(one);
        namespaces.push(area(one));
      } else if (error !== undefined && !GONE.includes(error.code)) {
        errors.push(error);
        namespaces.push(unseen(entry, error, namespaces.length));
      }
    }
    return { picture: { namespaces, edges: await edgesOf(opened) }, errors };
  } finally {
    await Promise.all(opened.map(({ ns }) => ns.close()));
  }
}

/** Undefined where a path without a name leads elsewhere by now. */
async function open({ name, path, inode }: FoundNamespace): Promise<Opened | undefined> {
  const ns = NetNS.fromPath(path);
  let opened: Opened | undefined;
  try {
    if (name === undefined && ns.inode !== inode) return undefined;
    // Its error names the namespace, which those of requests do not.
    ns.doSync(() => true);
    const addresses = new Map<string | number, string[]>();
    for (const { dev, address } of await ns.addr.list()) {
      addresses.set(dev, [...addresses.get(dev) ?? [], address]);
    }
    const label = name ?? labelOf(ns, path);
    opened = { ns, label, links: await ns.link.list(), addresses };
    return opened;
  } finally {
    if (opened === undefined) await ns.close();
  }
}

function unseen({ name, path, inode }: FoundNamespace, error: NetNSError, index: number): Area {
  return {
    id: inode === 0 ? `unseen${index}` : `n${inode}`,
    label: name ?? path,
    inode,
    error: error.message,
  };
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
