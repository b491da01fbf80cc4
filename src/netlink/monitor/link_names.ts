/**
 * The names of links, for events that tell of links by their indices.
 *
 * @module
 */

import { Channel } from "../channel.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { MessageWriter } from "../codec/message_writer.ts";
import { visitAttributes } from "../codec/visit_attributes.ts";
import { IFLA, RTEXT_FILTER } from "../constants/if_link.ts";
import { NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR, NLMSG_MIN_TYPE } from "../constants/netlink.ts";
import { IFINFOMSG_LENGTH, RTM_GETLINK } from "../constants/rtnetlink.ts";
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
    const channel = new Channel(socket);
    const number = channel.number(1);
    channel.append(message.finish(), NLM_F_DUMP, number);
    channel.send();
    let ended = false;
    while (!ended) {
      const received = channel.receive((type, _flags, sequence, start, end) => {
        if (sequence !== number) return;
        if (type >= NLMSG_MIN_TYPE) learnName(names, channel.reader, start, end);
        else if (type === NLMSG_DONE || type === NLMSG_ERROR) ended = true;
      });
      if (!received) break;
    }
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
  visitAttributes(reader, start + IFINFOMSG_LENGTH, end, (type, from, to) => {
    if (type === IFLA.IFLA_IFNAME) names.set(reader.i32(start + 4), reader.text(from, to));
  });
}
