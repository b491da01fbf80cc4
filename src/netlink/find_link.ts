/**
 * Finds a link by its name or one of its alternative names.
 *
 * @module
 */

import type { Channel } from "./channel.ts";
import { MessageWriter } from "./codec/message_writer.ts";
import { IFLA, RTEXT_FILTER } from "./constants/if_link.ts";
import { NLM_F_ACK, NLMSG_ERROR } from "./constants/netlink.ts";
import { IFINFOMSG_LENGTH, RTM_GETLINK, RTM_NEWLINK } from "./constants/rtnetlink.ts";
import { IFNAMSIZ } from "./constants/sockios.ts";
import { unanswered } from "./frames.ts";

const encoder = new TextEncoder();

/**
 * The index of a link, asked while no request is on its way. Not by ioctl(2), which has the kernel
 * load a module for a name that is not there.
 */
export function findLink(channel: Channel, name: string): number | undefined {
  const message = new MessageWriter(RTM_GETLINK, 0).bytes(new Uint8Array(IFINFOMSG_LENGTH));
  const mask = message.begin(IFLA.IFLA_EXT_MASK);
  message.u32(RTEXT_FILTER.RTEXT_FILTER_SKIP_STATS).end(mask);
  // The attribute for names finds alternative ones, too, but none as long.
  const isShort = encoder.encode(name).byteLength < IFNAMSIZ;
  const wanted = message.begin(isShort ? IFLA.IFLA_IFNAME : IFLA.IFLA_ALT_IFNAME);
  message.text(name).u8(0).end(wanted);
  const number = channel.number(1);
  channel.append(message.finish(), NLM_F_ACK, number);
  channel.send();
  let index: number | undefined;
  let answered = false;
  while (!answered) {
    const received = channel.receive((type, _flags, sequence, start, end) => {
      if (sequence !== number) return;
      if (type === RTM_NEWLINK && end - start >= IFINFOMSG_LENGTH) {
        index = channel.reader.i32(start + 4);
      }
      if (type === NLMSG_ERROR) answered = true;
    });
    if (!received) throw unanswered();
  }
  return index;
}
