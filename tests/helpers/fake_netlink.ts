/**
 * rtnetlink without a kernel: every request succeeds, every list is what a test makes it.
 *
 * @module
 */

import { Netlink } from "../../src/netlink/netlink.ts";
import { ack, datagram, done, FakeSocket, type SentMessage } from "./fake_socket.ts";

/** rtnetlink whose socket acknowledges all, and what was sent over it. */
export function fakeNetlink(
  links: Readonly<Record<string, number>> = {},
  list: (request: SentMessage) => Uint8Array[] = () => [],
  socket: FakeSocket = acknowledging(list),
): { netlink: Netlink; sent: () => SentMessage[] } {
  for (const [name, index] of Object.entries(links)) socket.links.set(name, index);
  const netlink = new Netlink({
    openSocket: () => socket,
    openSocketToCleanUp: () => socket,
    openNamespace: () => {
      throw new Error("there are no namespaces");
    },
    makeTun: () => {
      throw new Error("there is no /dev/net/tun");
    },
    closedError: () => new Error("closed"),
  });
  return { netlink, sent: () => socket.sent.flat() };
}

function acknowledging(list: (request: SentMessage) => Uint8Array[]): FakeSocket {
  const NLM_F_DUMP = 0x300;
  return new FakeSocket((messages) => [
    datagram(...messages.flatMap((message) => {
      const isList = message.type % 4 === 2 && (message.flags & NLM_F_DUMP) === NLM_F_DUMP;
      return isList ? [...list(message), done(message)] : [...list(message), ack(message)];
    })),
  ]);
}
