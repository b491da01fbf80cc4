/**
 * The other end of a veth that is to be up: the kernel brings it up only once both ends exist.
 *
 * @module
 */

import type { Netlink } from "../netlink.ts";
import type { Link, LinkAdd } from "./link.ts";

/** Takes `up` of the peer out of what is sent in one message. */
export function withoutPeerUp(options: LinkAdd): LinkAdd {
  if (!hasPeerUp(options)) return options;
  return { ...options, peer: { ...options.peer, up: undefined } } as LinkAdd;
}

/** Brings the peer of a new veth up, where that was asked for. */
export async function bringPeerUp(netlink: Netlink, options: LinkAdd, made: Link): Promise<void> {
  if (!hasPeerUp(options) || typeof made.link !== "number" && typeof made.link !== "string") return;
  const peer = made.link;
  const { netns } = options.peer;
  if (netns === undefined) await netlink.link.set(peer, { up: true });
  else {
    await netlink.elsewhere(
      netns,
      "options.peer.netns",
      ({ link }) => link.set(peer, { up: true }),
    );
  }
}

function hasPeerUp(options: LinkAdd): options is LinkAdd & { peer: { up: true; netns?: unknown } } {
  return options?.kind === "veth" && (options as { peer?: { up?: unknown } }).peer?.up === true;
}
