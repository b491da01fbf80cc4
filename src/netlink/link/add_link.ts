/**
 * Makes a link: one message, and more for what the kernel takes only once the link is there.
 *
 * @module
 */

import { outOfRange, wrongType } from "../../check.ts";
import {
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_ECHO,
  NLM_F_EXCL,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_NEWLINK } from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import { type AddPlan, planOf } from "./add_plan.ts";
import { checkAltnames } from "./altnames.ts";
import type { Peer } from "./kinds/peer.ts";
import type { Link, LinkAdd, LinkChanges, NetworkNamespace } from "./link.ts";
import { writeLinkBody } from "./link_body.ts";
import { checkKindOptions } from "./kind_options.ts";
import { linkHint } from "./link_hint.ts";
import { linkAttributePath, linkAttributes, readLink } from "./link_message.ts";
import { newestOfKind, withFreeName } from "./new_name.ts";
import { splitTun } from "./new_tun.ts";
import { inNamespace, resolveMaster } from "./set_link.ts";

/** Makes a link. Everything is checked before anything is sent; nothing is left if it fails. */
export async function addLink(netlink: Netlink, options: LinkAdd): Promise<Link> {
  checkAdd(netlink, options);
  const plan = planOf(options);
  const isTun = options.kind === "tun" || options.kind === "tap";
  const { later, peerToBringUp } = plan;
  const isOneRequest = options.netns === undefined && !isTun && later === undefined &&
    peerToBringUp === undefined;
  // What is one request travels together with others.
  if (isOneRequest) return await addPlanned(netlink, options, plan);
  return await netlink.inTurn((netlink) => addPlanned(netlink, options, plan));
}

async function addPlanned(netlink: Netlink, options: LinkAdd, plan: AddPlan): Promise<Link> {
  const { netns, name, kind } = options;
  const where = "options.netns";
  if (kind === "tun" || kind === "tap") {
    return await inNamespace(netlink, netns, where, (there) => addTun(there, plan));
  }
  if (name === undefined && netns !== undefined) {
    const add = (name: string) => addLink(netlink, { ...options, name });
    return await netlink.elsewhere(
      netns,
      where,
      (there) => withFreeName([there, netlink], kind, add),
    );
  }
  const first = { ...plan.first };
  if (netns !== undefined) await resolveMaster(netlink, first, where);
  const made = await create(netlink, first);
  if (made !== undefined && isComplete(plan)) return made;
  let isFound = false;
  try {
    return await inNamespace(netlink, netns, where, async (there) => {
      const link = made ??
        (name === undefined ? await newestOfKind(there, kind) : await there.link.get(name));
      isFound = true;
      return await complete(netlink, there, link, plan);
    });
  } catch (error) {
    if (!isFound) await remove(netlink, netns, made?.index ?? name);
    throw error;
  }
}

/** Removes a link that was made, and not found there. */
async function remove(
  netlink: Netlink,
  netns: NetworkNamespace | undefined,
  dev: string | number | undefined,
): Promise<void> {
  if (dev === undefined) return;
  await netlink.cleanUp((own) =>
    inNamespace(own, netns, "options.netns", ({ link }) => link.del(dev))
  );
}

function checkAdd(netlink: Netlink, options: LinkAdd): void {
  const kind: unknown = options?.kind;
  if (typeof kind !== "string" || kind === "") {
    throw wrongType("options.kind", "the kind of a link", kind);
  }
  checkAltnames("options.altnames", options.altnames);
  checkNewName("options.name", options.name);
  const { peer } = options as { peer?: { name?: unknown } };
  checkNewName("options.peer.name", peer?.name);
  checkKindOptions("options", options);
  if (kind === "tun" || kind === "tap") splitTun(options);
  netlink.message(RTM_NEWLINK, 0, (writer) => {
    writeLinkBody(writer, options, "options", linkAttributes);
  }, opOf(options)).release();
}

function opOf({ name, kind }: LinkAdd): string {
  return `link add ${String(name ?? kind)}`;
}

/** The kernel would put a number for `%d`, and refuse any other `%`. */
function checkNewName(option: string, name: unknown): void {
  if (typeof name === "string" && name.includes("%")) throw outOfRange(option, "without %", name);
}

/** What the kernel tells of a new link is before it got its master. */
function isComplete({ first, later, peerToBringUp }: AddPlan): boolean {
  return later === undefined && peerToBringUp === undefined && first.master === undefined;
}

async function create(netlink: Netlink, first: LinkAdd): Promise<Link | undefined> {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
  const message = netlink.message(RTM_NEWLINK, flags, (writer) => {
    writeLinkBody(writer, first, "options", linkAttributes);
  }, opOf(first));
  const [made] = await netlink.connection.query({
    message,
    op: opOf(first),
    describe: linkAttributePath,
    hint: linkHint(first),
    read: (reader, type, start, end) =>
      type === RTM_NEWLINK ? readLink(reader, start, end) : undefined,
  });
  return made;
}

async function addTun(there: Netlink, { first, later }: AddPlan): Promise<Link> {
  const [tun, settings] = splitTun(first);
  const name = there.makeTun(tun);
  const link = await there.link.get(name).catch(async (error: unknown) => {
    await there.cleanUp(({ link }) => link.del(name));
    throw error;
  });
  const changes = { ...settings, ...later } as LinkChanges;
  return await complete(there, there, link, {
    first,
    later: Object.keys(changes).length > 0 ? changes : undefined,
    peerToBringUp: undefined,
  });
}

/** Does what has to come later; takes the link away again when that fails. */
async function complete(
  netlink: Netlink,
  there: Netlink,
  link: Link,
  { later, peerToBringUp }: AddPlan,
): Promise<Link> {
  const { index } = link;
  try {
    if (later !== undefined) await there.link.set(index, later);
    if (peerToBringUp !== undefined) await bringUp(netlink, there, peerToBringUp, link);
    return await there.link.get(index);
  } catch (error) {
    await there.cleanUp(({ link }) => link.del(index));
    throw error;
  }
}

async function bringUp(
  netlink: Netlink,
  there: Netlink,
  { netns }: Peer,
  { link: other }: Link,
): Promise<void> {
  if (typeof other === "string") await there.link.set(other, { up: true });
  else if (typeof other === "number") {
    const up = ({ link }: Netlink) => link.set(other, { up: true });
    await inNamespace(netlink, netns, "options.peer.netns", up);
  }
}
