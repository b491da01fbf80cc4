/**
 * Changes a link: one message, and more for what cannot be in it.
 *
 * @module
 */

import type { Members } from "../codec/attribute_table.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { NLM_F_ACK, NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_NEWLINK } from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import { checkAltnames, setAltnames } from "./altnames.ts";
import type { LinkChanges, NetworkNamespace } from "./link.ts";
import { writeLinkBody } from "./link_body.ts";
import { changesOf, isRead } from "./link_changes.ts";
import { checkKindOptions } from "./kind_options.ts";
import { linkHint } from "./link_hint.ts";
import { linkAttributePath, linkAttributes } from "./link_message.ts";
import { writeTargetName } from "./write_link.ts";

/** Changes a link. Everything is checked before anything is sent. */
export async function setLink(
  netlink: Netlink,
  dev: string | number,
  changes: LinkChanges,
): Promise<void> {
  checkChanges(netlink, dev, changes);
  const { kind, netns, altnames, port } = changes;
  const isOneRequest = kind === undefined && netns === undefined && altnames === undefined &&
    port === undefined && !isRead(changes);
  // What is one request travels together with others.
  if (isOneRequest) await sendChanges(netlink, dev, changes);
  else await netlink.inTurn((netlink) => sendChanges(netlink, dev, changes));
}

async function sendChanges(
  netlink: Netlink,
  dev: string | number,
  changes: LinkChanges,
): Promise<void> {
  const op = opOf(dev);
  let { altnames, ...settings } = { ...changes, index: undefined } as Members & LinkChanges;
  let target = dev;
  if (settings.kind !== undefined || isRead(changes)) {
    const link = await netlink.link.get(dev);
    settings = changesOf(settings, link as unknown as Members, op) as typeof settings;
    target = link.index;
  }
  const { netns } = settings;
  if (netns !== undefined) await resolveMaster(netlink, settings, "changes.netns");
  if (altnames !== undefined && netns !== undefined) {
    // They go along with the link.
    target = await changeAltnames(netlink, target, altnames);
    altnames = undefined;
  }
  const { port, ...first } = settings;
  // The kernel would look for the port at the master that the link had before.
  const isLater = port !== undefined && (netns !== undefined || settings.master !== undefined);
  const moves = netns !== undefined && settings.name === undefined && typeof target === "number";
  const name = settings.name ??
    (isLater && moves ? (await netlink.link.get(target)).name : target);
  const sent = isLater ? first : settings;
  if (Object.values(sent).some((value) => value !== undefined)) {
    const message = netlink.message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, (writer) => {
      writeChanges(writer, target, sent);
    }, op);
    const hint = linkHint(sent);
    await netlink.connection.request({ message, op, describe: linkAttributePath, hint });
  }
  if (isLater) {
    await inNamespace(netlink, netns, "changes.netns", ({ link }) => link.set(name, { port }));
  }
  if (altnames !== undefined) await changeAltnames(netlink, name, altnames);
}

/** Does something in this namespace, or in one that an option names. */
export async function inNamespace<T>(
  netlink: Netlink,
  netns: NetworkNamespace | undefined,
  option: string,
  run: (netlink: Netlink) => Promise<T>,
): Promise<T> {
  return await (netns === undefined ? run(netlink) : netlink.elsewhere(netns, option, run));
}

/** The kernel looks for the master in the namespace in which the link will be. */
export async function resolveMaster(
  netlink: Netlink,
  settings: Pick<LinkChanges, "netns" | "master">,
  option: string,
): Promise<void> {
  const { netns, master } = settings;
  if (netns === undefined || typeof master !== "string") return;
  const { index } = await netlink.elsewhere(netns, option, ({ link }) => link.get(master));
  settings.master = index;
}

function opOf(dev: string | number): string {
  return `link set ${String(dev)}`;
}

function checkChanges(netlink: Netlink, dev: string | number, changes: LinkChanges): void {
  checkAltnames("changes.altnames", changes?.altnames);
  checkKindOptions("changes", changes);
  const flags = NLM_F_REQUEST | NLM_F_ACK;
  const write = (writer: MessageWriter) => writeChanges(writer, dev, changes);
  netlink.message(RTM_NEWLINK, flags, write, opOf(dev)).release();
}

function writeChanges(writer: MessageWriter, dev: string | number, changes: unknown): void {
  const named = changes as { name?: unknown } | undefined;
  // A rename needs the index: the attribute for the name holds the new one.
  if (typeof dev === "number" || named?.name !== undefined) {
    writeLinkBody(writer, changes, "changes", linkAttributes, dev);
    return;
  }
  writeLinkBody(writer, changes, "changes", linkAttributes);
  writeTargetName(writer, dev);
}

async function changeAltnames(
  netlink: Netlink,
  dev: string | number,
  wanted: readonly string[],
): Promise<number> {
  const { index, altnames = [] } = await netlink.link.get(dev);
  await setAltnames(netlink, index, wanted, altnames);
  return index;
}
