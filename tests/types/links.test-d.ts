/**
 * How the types of links are used. Nothing here is run: `tsc --noEmit` is the test, and a line after
 * `@ts-expect-error` that compiles fails it.
 *
 * @module
 */

import type { NetNS, RemoteNetNS } from "../../mod.ts";

export async function kindsTellOptionsApart(ns: NetNS, remote: RemoteNetNS): Promise<void> {
  const { link } = ns;
  await link.add({ kind: "vlan", name: "v", link: "eth0", id: 5, protocol: "802.1ad" });
  await link.add({ kind: "veth", name: "v", peer: { name: "w", netns: ns, mtu: 1400 } });
  await link.add({ kind: "veth", name: "v", netns: remote });
  await link.add({ kind: "ifb", netns: "blue" });
  await link.add({ kind: "ifb", netns: 42 });
  await link.add({ kind: "nlmon", name: "n", attributes: [] });
  const options = { kind: "bridge", stpState: true } as const;
  await link.add({ ...options, name: "br0", up: true });

  // @ts-expect-error: a VLAN has a number.
  await link.add({ kind: "vlan", name: "v", link: "eth0" });
  // @ts-expect-error: a vrf has a table.
  await link.add({ kind: "vrf", name: "v" });
  // @ts-expect-error: an option of another kind.
  await link.add({ kind: "vlan", name: "v", id: 5, stpState: true });
  // @ts-expect-error: no such mode.
  await link.add({ kind: "ipvlan", name: "v", mode: "l4" });
  // @ts-expect-error: no such option.
  await link.add({ kind: "ifb", name: "v", colour: "blue" });
  // @ts-expect-error: the other end of a pair has no master as it is made.
  await link.add({ kind: "veth", peer: { name: "v", master: "br0" } });
  // @ts-expect-error: a kind without a type here says that it has no options, or which.
  await link.add({ kind: "nlmon", name: "n" });
  // @ts-expect-error: a link has a kind.
  await link.add({ name: "v" });
}

export async function changesNeedTheKindOfTheirOptions(ns: NetNS): Promise<void> {
  const { link } = ns;
  await link.set("v", { up: true, master: null, altnames: ["w"] });
  await link.set("v", { kind: "vlan", gvrp: true });
  await link.set("v", { kind: "bridge", ageingTime: undefined });
  await link.set("v", { port: { kind: "bridge", isolated: true } });
  await link.set("v", { port: { kind: "bond", queueId: 1 } });
  // @ts-expect-error: an option without its kind.
  await link.set("v", { gvrp: true });
  // @ts-expect-error: an option of another kind.
  await link.set("v", { kind: "bridge", gvrp: true });
  // @ts-expect-error: an option of another kind of port.
  await link.set("v", { port: { kind: "bond", isolated: true } });
}

export async function linksThatWereReadCanBeWritten(ns: NetNS): Promise<void> {
  const link = await ns.link.get("v");
  await ns.link.set("v", link);
  if (link.kind !== undefined) await ns.link.add(link);
  // @ts-expect-error: an option, before it is known of which kind the link is.
  link.stpState;
  if (link.kind === "bridge") {
    const state: boolean | undefined = link.stpState;
    // @ts-expect-error: an option of another kind.
    return void (link.vlanId ?? state);
  }
  if (link.port?.kind === "bridge") {
    const isolated: boolean | undefined = link.port.isolated;
    return void isolated;
  }
  const up: boolean = link.up;
  const mtu: number = link.mtu;
  return void [up, mtu];
}
