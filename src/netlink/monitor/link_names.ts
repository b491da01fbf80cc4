/**
 * The names of links, for events that tell of links by their indices.
 *
 * @module
 */

import { Channel } from "../channel.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { MessageWriter, NLA_HDRLEN } from "../codec/message_writer.ts";
import { NLA_TYPE_MASK } from "../codec/attributes.ts";
import { IFLA, RTEXT_FILTER } from "../constants/if_link.ts";
import { RTM_GETLINK } from "../constants/rtnetlink.ts";
import { Dump } from "../dump.ts";
import { IFINFOMSG_LENGTH } from "../link/link_body.ts";
import type { NetlinkSocket } from "../socket.ts";

/** The names of links by their indices. */
export type LinkNames = Map<number, string>;

/** Lists the names of all links, as far as the kernel tells them at once. Closes the socket. */
export function listLinkNames(socket: NetlinkSocket): LinkNames {
  const names: LinkNames = new Map();
  try {
    const message = new MessageWriter(RTM_GETLINK, 0).bytes(new Uint8Array(IFINFOMSG_LENGTH));
    const mask = message.begin(IFLA.IFLA_EXT_MASK);
    message.u32(RTEXT_FILTER.RTEXT_FILTER_SKIP_STATS).end(mask);
    const read = (reader: MessageReader, _type: number, start: number, end: number) => {
      learnName(names, reader, start, end);
      return undefined;
    };
    const dump = new Dump(
      new Channel(socket),
      { message, op: "link list", read },
      message.finish(),
    );
    while (!dump.ended && dump.receive([]));
  } finally {
    socket.close();
  }
  return names;
}

/** Takes the name of a link from a message about it. */
export function learnName(
  names: LinkNames,
  reader: MessageReader,
  start: number,
  end: number,
): void {
  for (let offset = start + IFINFOMSG_LENGTH; offset + NLA_HDRLEN <= end;) {
    const length = reader.u16(offset);
    if (length < NLA_HDRLEN || offset + length > end) return;
    if ((reader.u16(offset + 2) & NLA_TYPE_MASK) === IFLA.IFLA_IFNAME) {
      names.set(reader.i32(start + 4), reader.text(offset + NLA_HDRLEN, offset + length));
      return;
    }
    offset += length + 3 & ~3;
  }
}
