/**
 * Alternative names of links: RTM_NEWLINKPROP, RTM_DELLINKPROP.
 *
 * @module
 */

import { wrongType } from "../../check.ts";
import { writeAttribute } from "../codec/attributes.ts";
import { MessageWriter } from "../codec/message_writer.ts";
import { alternativeName } from "../codec/values.ts";
import { IFLA } from "../constants/if_link.ts";
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_DELLINKPROP, RTM_NEWLINKPROP } from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import { writeLinkHeader } from "./link_body.ts";
import { linkAttributePath } from "./link_message.ts";

const NLA_F_NESTED = 0x8000;

/** Requires names that links may have besides their own. */
export function checkAltnames(option: string, altnames: unknown): void {
  if (altnames === undefined) return;
  if (!Array.isArray(altnames)) throw wrongType(option, "an array", altnames);
  const scratch = new MessageWriter(0, 0);
  altnames.forEach((name, index) =>
    alternativeName.write(scratch, name, `${option}[${index}]`, {})
  );
}

/** Gives a link the names that it has not, and takes from it those that are not wanted. */
export async function setAltnames(
  netlink: Netlink,
  dev: number,
  wanted: readonly string[],
  current: readonly string[],
): Promise<void> {
  const added = wanted.filter((name, index) =>
    !current.includes(name) && wanted.indexOf(name) === index
  );
  const removed = current.filter((name) => !wanted.includes(name));
  if (added.length > 0) await change(netlink, RTM_NEWLINKPROP, dev, added);
  if (removed.length > 0) await change(netlink, RTM_DELLINKPROP, dev, removed);
}

async function change(
  netlink: Netlink,
  type: number,
  dev: number,
  names: readonly string[],
): Promise<void> {
  const adds = type === RTM_NEWLINKPROP;
  const flags = NLM_F_REQUEST | NLM_F_ACK | (adds ? NLM_F_CREATE | NLM_F_EXCL : 0);
  const message = netlink.message(type, flags, (writer) => {
    writeLinkHeader(writer, { dev });
    const start = writer.begin(IFLA.IFLA_PROP_LIST | NLA_F_NESTED);
    for (const name of names) {
      writeAttribute(writer, IFLA.IFLA_ALT_IFNAME, alternativeName, name, "altnames");
    }
    writer.end(start);
  });
  const op = `link property ${adds ? "add" : "del"} ${dev} ${names.join(" ")}`;
  await netlink.connection.request({ message, op, describe: linkAttributePath });
}
