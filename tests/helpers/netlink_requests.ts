/**
 * Requests to the kernel, made by hand.
 *
 * @module
 */

import type { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { Connection } from "../../src/netlink/connection.ts";
import type { Query, Request } from "../../src/netlink/request.ts";
import { openNetlinkSocket } from "../../src/netlink/socket.ts";
import type { Namespace } from "../../src/namespace.ts";

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
const RTM_GETADDR = 22;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTM_NEWLINKPROP = 108;
const NLM_F_CREATE_EXCL = 0x600;
const RTEXT_FILTER_SKIP_STATS = 8;

/** A connection to a namespace. */
export function connectTo(namespace: Namespace): Connection {
  return new Connection(() => openNetlinkSocket(namespace), () => namespace.closedError());
}

function attribute(writer: MessageWriter, type: number, write: () => unknown): void {
  const start = writer.begin(type);
  write();
  writer.end(start);
}

function ifinfomsg(writer: MessageWriter, flags = 0, change = 0): MessageWriter {
  return writer.u32(0).u32(0).u32(flags).u32(change);
}

/** `ip link add NAME up type ifb`. */
export function addLink(name: string, flags: number = NLM_F_CREATE_EXCL): Request {
  const message = ifinfomsg(new MessageWriter(RTM_NEWLINK, flags), 1, 1);
  attribute(message, 3, () => message.text(name).u8(0));
  attribute(message, 18, () => attribute(message, 1, () => message.text("ifb").u8(0)));
  return { message, op: `link add ${name}` };
}

/** `ip link del NAME`. */
export function deleteLink(name: string): Request {
  const message = new MessageWriter(RTM_DELLINK, 0).u32(0).link(name, "dev").u32(0).u32(0);
  return { message, op: `link del ${name}` };
}

/** `ip link property add dev NAME altname ...`. */
export function addAltnames(name: string | number, altnames: readonly string[]): Request {
  const message = new MessageWriter(RTM_NEWLINKPROP, NLM_F_CREATE_EXCL)
    .u32(0).link(name, "dev").u32(0).u32(0);
  attribute(message, 0x8000 | 52, () => {
    for (const one of altnames) attribute(message, 53, () => message.text(one).u8(0));
  });
  return { message, op: `altname add ${name}` };
}

/** `ip addr add 10.0.X.Y/32 dev NAME`. */
export function addAddress(name: string, host: number): Request {
  const message = new MessageWriter(RTM_NEWADDR, NLM_F_CREATE_EXCL)
    .u8(2).u8(32).u8(0).u8(0).link(name, "dev");
  attribute(message, 2, () => message.be32(0x0a000000 + host));
  return { message, op: `addr add ${host}` };
}

/** `ip route add 11.X.Y.Z dev NAME`. */
export function addRoute(name: string, host: number): Request {
  const message = new MessageWriter(RTM_NEWROUTE, NLM_F_CREATE_EXCL)
    .u8(2).u8(32).u8(0).u8(0).u8(254).u8(4).u8(253).u8(1).u32(0);
  attribute(message, 1, () => message.be32(0x0b000000 + host));
  attribute(message, 4, () => message.link(name, "dev"));
  return { message, op: `route add ${host}` };
}

function nameOfLink(reader: MessageReader, _type: number, start: number): string {
  return String(reader.linkName(reader.u32(start + 4)));
}

/**
 * `ip link show`: the names. Without `IFLA_EXT_MASK` the kernel leaves out a link that is larger
 * than its buffer and all that follow it, and says nothing.
 */
export function listLinks(): Query<string> {
  const message = ifinfomsg(new MessageWriter(RTM_GETLINK, 0));
  attribute(message, 29, () => message.u32(RTEXT_FILTER_SKIP_STATS));
  return { message, op: "link list", read: nameOfLink };
}

/** `ip link show NAME`: its name, and how long the reply is. */
export function getLink(name: string): Query<{ name: string; length: number }> {
  const message = new MessageWriter(RTM_GETLINK, 0).u32(0).link(name, "name").u32(0).u32(0);
  return {
    message,
    op: `link get ${name}`,
    read: (reader, type, start, end) => ({
      name: nameOfLink(reader, type, start),
      length: end - start,
    }),
  };
}

/** `ip -4 route show table all`: the type of each. */
export function listRoutes(): Query<number> {
  const message = new MessageWriter(RTM_GETROUTE, 0).u8(2).bytes(new Uint8Array(11));
  return { message, op: "route list", read: (reader, _type, start) => reader.u8(start + 7) };
}

/** `ip -4 addr show`: each as a number. The kernel filters by the index of a link, 0 for all. */
export function listAddresses(index = 0): Query<number> {
  const IFA_LOCAL = 2;
  const message = new MessageWriter(RTM_GETADDR, 0).u8(2).u8(0).u8(0).u8(0).u32(index);
  return {
    message,
    op: "addr list",
    read(reader, _type, start, end) {
      for (let at = start + 8; at + 8 <= end; at += (reader.u16(at) + 3) & ~3) {
        if (reader.u16(at + 2) === IFA_LOCAL) return reader.be32(at + 4);
      }
      return undefined;
    },
  };
}
