/**
 * What a tun or tap link is made from.
 *
 * @module
 */

import { checkBoolean, checkInteger } from "../../check.ts";
import { MessageWriter } from "../codec/message_writer.ts";
import { linkName } from "../codec/values.ts";
import type { TunOptions } from "./kinds/tun.ts";
import type { LinkAdd, LinkChanges } from "./link.ts";

/** A tun or tap link to make by ioctl(2). */
export interface NewTun extends Omit<TunOptions, "persist" | "numQueues" | "numDisabledQueues"> {
  readonly kind: "tun" | "tap";
  /** Its name; the kernel chooses one where there is none. */
  readonly name?: string | undefined;
}

/** What cannot be chosen, is only told, or is done when the rest is set. */
const notSet = [
  ...["index", "netns", "numTxQueues", "numRxQueues"],
  ...["persist", "numQueues", "numDisabledQueues"],
];

/** Splits up what makes a link, and what is set afterwards. */
export function splitTun(options: LinkAdd): readonly [NewTun, LinkChanges] {
  const { kind, name, owner, ownerGroup, multiQueue, pi, vnetHdr, ...others } = options as
    & NewTun
    & LinkAdd;
  const tun = { kind, name, owner, ownerGroup, multiQueue, pi, vnetHdr };
  if (name !== undefined) linkName.write(new MessageWriter(0, 0), name, "options.name", {});
  for (const id of ["owner", "ownerGroup"] as const) {
    if (tun[id] !== undefined) checkInteger(`options.${id}`, tun[id], 0, 0xfffffffe);
  }
  for (const name of ["multiQueue", "pi", "vnetHdr"] as const) {
    checkBoolean(`options.${name}`, tun[name]);
  }
  const settings: Record<string, unknown> = { ...others };
  for (const name of notSet) delete settings[name];
  return [tun, settings as LinkChanges];
}
