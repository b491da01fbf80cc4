/**
 * Which settings of a new link go into the message that makes it, and which have to come later.
 *
 * @module
 */

import { memberNames, type Members } from "../codec/attribute_table.ts";
import { bond } from "./kinds/bond.ts";
import { bridge } from "./kinds/bridge.ts";
import type { Peer } from "./kinds/peer.ts";
import type { LinkAdd, LinkChanges } from "./link.ts";
import { isRead } from "./link_changes.ts";

/** How a link is made. */
export interface AddPlan {
  /** What is sent to make it. */
  readonly first: LinkAdd;
  /** What is set when it is there. */
  readonly later: LinkChanges | undefined;
  /** The other end, where it is to be brought up, which needs both ends. */
  readonly peerToBringUp: Peer | undefined;
}

/** Members that the kernel ignores in a message that makes a link. */
const laterMembers: readonly string[] = ["alias", "altnames", "protoDown", "addrGenMode", "port"];

/** Options that depend on each other, or on the kernel: not even defaults can always be sent. */
const dependentMembers: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["bond", [...memberNames(bond, {}, true)].filter((name) => name !== "mode")],
  ["bridge", [...memberNames(bridge, {}, true)]],
]);

/** Splits up the settings of a new link. */
export function planOf(options: LinkAdd): AddPlan {
  const first: Members = { ...options };
  const later: Members = {};
  move(first, later, laterMembers);
  if (isRead(options)) {
    move(first, later, dependentMembers.get(first.kind) ?? []);
    leaveOutState(later);
    // To the kernel, even a no means that the bits of the header are used.
    if (first.remcsumrx === false) delete first.remcsumrx;
    if (Object.keys(later).length > 0) Object.assign(later, { kind: first.kind, flags: [] });
  }
  const peerToBringUp = describePeer(first);
  return {
    first: first as unknown as LinkAdd,
    later: Object.keys(later).length > 0 ? later as LinkChanges : undefined,
    peerToBringUp,
  };
}

function move(from: Members, to: Members, names: readonly string[]): void {
  for (const name of names) {
    if (from[name] !== undefined) to[name] = from[name];
    delete from[name];
  }
}

/** Takes out what tells of the moment at which a link was read, rather than how it is set. */
function leaveOutState(later: Members): void {
  delete later.activeSlave;
  if (later.port !== undefined) later.port = { ...(later.port as Members), state: undefined };
}

/** What is below one end of a pair is its other end, which `peer` describes. */
function describePeer(first: Members): Peer | undefined {
  if (first.kind !== "veth" && first.kind !== "netkit") return undefined;
  delete first.link;
  const peer = first.peer as Peer | undefined;
  if (peer?.up !== true) return undefined;
  first.peer = { ...peer, up: undefined };
  return peer;
}
