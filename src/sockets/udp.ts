/**
 * UDP sockets inside a namespace, on the event loop of the caller.
 *
 * @module
 */

import type dgram from "node:dgram";
import { builtin } from "../../ffi/builtin.ts";
import { AF_INET, SOCK_DGRAM } from "../../ffi/constants.ts";
import { checkOptions, wrongType } from "../check.ts";
import { NetNSError } from "../errors.ts";
import type { Namespace } from "../namespace.ts";
import { checkPort, ipAddress, type SocketAddress } from "./address.ts";
import { bindSocket, closeOnError, createSocket } from "./socket.ts";

/** What a UDP socket inside a namespace is bound to. */
export interface UdpOptions {
  /** The family, as in `dgram.createSocket()`. */
  type: "udp4" | "udp6";
  /**
   * Port; 0 lets the kernel choose one, which `socket.address()` tells.
   *
   * @default {0}
   */
  port?: number | undefined;
  /**
   * IP address of the family.
   *
   * @default {"0.0.0.0"} or `"::"`
   */
  host?: string | undefined;
}

/** Makes a bound UDP socket inside; it emits `listening` later. */
export function udpInside(namespace: Namespace, options: UdpOptions): dgram.Socket {
  const address = checkUdpOptions(options);
  if ("Deno" in globalThis) {
    throw new NetNSError("Cannot use a UDP socket of another network namespace in Deno", {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: "Deno cannot take over a socket: use node:dgram inside, by ns.do()",
    });
  }
  const fd = createSocket(namespace, address.family, SOCK_DGRAM);
  return closeOnError(fd, () => {
    bindSocket(namespace, fd, address);
    return adopt(fd, options.type);
  });
}

function checkUdpOptions(options: UdpOptions): SocketAddress {
  if (options === undefined) throw wrongType("options", "an object", options);
  checkOptions("options", options, ["type", "port", "host"]);
  const { type, port = 0, host = type === "udp4" ? "0.0.0.0" : "::" } = options;
  if (type !== "udp4" && type !== "udp6") {
    throw wrongType("options.type", 'one of "udp4", "udp6"', type);
  }
  const address = ipAddress(host, checkPort(port, 0));
  if ((type === "udp4") !== (address.family === AF_INET)) {
    throw wrongType("options.host", `an address of ${type}`, host);
  }
  return address;
}

function adopt(fd: number, type: "udp4" | "udp6"): dgram.Socket {
  const socket = builtin.dgram.createSocket(type);
  let early = false;
  const note = () => early = true;
  socket.once("listening", note);
  socket.bind({ fd, exclusive: true });
  socket.removeListener("listening", note);
  // Node emits it before the caller can listen to it.
  if (early) builtin.process.nextTick(() => isOpen(socket) && socket.emit("listening"));
  return socket;
}

function isOpen(socket: dgram.Socket): boolean {
  try {
    return socket.address() !== undefined;
  } catch {
    return false;
  }
}
