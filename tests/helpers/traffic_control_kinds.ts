/**
 * Which kinds of qdiscs, filters and actions the kernel has, so that tests of others are skipped.
 *
 * @module
 */

import { NetNS } from "../../mod.ts";
import { isNetNSError } from "../../src/errors.ts";
import type { ActionAdd } from "../../src/netlink/tc/actions/mod.ts";
import type { FilterAdd } from "../../src/netlink/tc/filter.ts";
import type { QdiscAdd } from "../../src/netlink/tc/qdisc.ts";
import { type Skip, skipAny, skipIf, skipUnlessPrivileged, skipWithout } from "./requirements.ts";

/** What one needs to make these tests at all. */
export const skipTests: Skip = skipAny(skipUnlessPrivileged(), skipWithout({ command: "tc" }));

/** Whether the kernel knows what `make` makes: it says ENOENT when it does not. */
async function lacks(make: (ns: NetNS) => Promise<unknown>): Promise<boolean> {
  if (skipTests !== false) return false;
  const ns = NetNS.create();
  try {
    await make(ns);
    return false;
  } catch (error) {
    if (isNetNSError(error) && error.code === "ENOENT") return true;
    throw error;
  } finally {
    await ns.close();
  }
}

/** Skips when the kernel lacks the kind of a qdisc. */
export async function skipWithoutQdisc(options: Omit<QdiscAdd, "dev">): Promise<Skip> {
  const { kind } = options;
  const missing = await lacks((ns) => ns.qdisc.add({ ...options, dev: "lo" } as QdiscAdd));
  return skipAny(skipTests, skipIf(missing, `the kernel has no qdisc ${kind}`));
}

/** Skips when the kernel lacks the kind of a filter. */
export async function skipWithoutFilter(kind: "flower" | "fw" | "matchall"): Promise<Skip> {
  const options = { dev: "lo", parent: "ingress", protocol: "ip", handle: 1, kind } as const;
  const missing = await lacks((ns) => addFilter(ns, { ...options, classid: "1:1" }));
  return skipAny(skipTests, skipIf(missing, `the kernel has no filter ${kind}`));
}

/** Skips when the kernel lacks the kind of an action. */
export async function skipWithoutAction(action: ActionAdd): Promise<Skip> {
  const options = { dev: "lo", parent: "ingress", kind: "u32", actions: [action] } as const;
  const missing = await lacks((ns) => addFilter(ns, { ...options, actions: [action] }));
  return skipAny(skipTests, skipIf(missing, `the kernel has no action ${action.kind}`));
}

async function addFilter(ns: NetNS, options: FilterAdd): Promise<void> {
  await ns.qdisc.add({ dev: "lo", kind: "clsact" });
  await ns.filter.add(options);
}

/** Runs with two namespaces: one for this library, one for tc. */
export async function inTwo(run: (ours: NetNS, theirs: NetNS) => Promise<void>): Promise<void> {
  const ours = NetNS.create();
  const theirs = NetNS.create();
  try {
    await run(ours, theirs);
  } finally {
    await ours.close();
    await theirs.close();
  }
}

/** Runs `tc` in a namespace. */
export async function tc(ns: NetNS, command: string): Promise<void> {
  await ns.exec("tc", command.split(" "));
}

/** What `tc -j -d` tells in a namespace. */
export async function tcJson(ns: NetNS, command: string): Promise<unknown[]> {
  const { stdout } = await ns.exec("tc", ["-j", "-d", ...command.split(" ")]);
  return JSON.parse(String(stdout).trim() || "[]");
}
