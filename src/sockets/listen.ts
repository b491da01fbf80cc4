/**
 * Servers inside a namespace, on the event loop of the caller.
 *
 * @module
 */

import type net from "node:net";
import { builtin } from "../../ffi/builtin.ts";
import {
  AF_INET6,
  AF_UNIX,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { checkBoolean, checkInteger, checkOptions, wrongType } from "../check.ts";
import { isNetNSError } from "../errors.ts";
import { libc } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { abstractAddress, checkPort, ipAddress, type SocketAddress } from "./address.ts";
import { addressError, bindSocket, closeOnError, createSocket, setOption } from "./socket.ts";

/** Where a server inside a namespace listens: `port`, or `path`. */
export interface ListenOptions {
  /** TCP port; 0 lets the kernel choose one, which `server.address()` tells. */
  port?: number | undefined;
  /**
   * IP address, or `"localhost"` for 127.0.0.1.
   *
   * @default {"::"} which takes IPv4 connections too; `"0.0.0.0"` where there is no IPv6
   */
  host?: string | undefined;
  /** Abstract Unix socket: a NUL and a name of up to 107 bytes. See unix(7). */
  path?: string | undefined;
  /**
   * How many connections may wait to be accepted, up to `net.core.somaxconn` of the namespace.
   *
   * @default {511}
   */
  backlog?: number | undefined;
  /**
   * Whether a socket on `::` refuses IPv4 connections.
   *
   * @default {false}
   */
  ipv6Only?: boolean | undefined;
}

/**
 * Makes a server whose listening socket is inside. It listens when this returns, and `listening` is
 * emitted afterwards.
 */
export function listenInside(
  namespace: Namespace,
  options: ListenOptions,
  listener?: (socket: net.Socket) => void,
): net.Server {
  checkListenOptions(options, listener);
  const backlog = options.backlog ?? 511;
  const fd = openListener(namespace, options, backlog);
  return closeOnError(fd, () => builtin.net.createServer(listener).listen({ fd, backlog }));
}

function checkListenOptions(options: ListenOptions, listener: unknown): void {
  if (options === undefined) throw wrongType("options", "an object", options);
  checkOptions("options", options, ["port", "host", "path", "backlog", "ipv6Only"]);
  if (options.backlog !== undefined) checkInteger("options.backlog", options.backlog, 1);
  checkBoolean("options.ipv6Only", options.ipv6Only);
  if (listener !== undefined && typeof listener !== "function") {
    throw wrongType("listener", "a function", listener);
  }
}

function openListener(namespace: Namespace, options: ListenOptions, backlog: number): number {
  const { path, port, host, ipv6Only = false } = options;
  const open = (address: SocketAddress) => openListenerOn(namespace, address, backlog, ipv6Only);
  if (path !== undefined) {
    if (port !== undefined || host !== undefined) {
      throw new TypeError("options.path excludes options.port and options.host");
    }
    return open(abstractAddress(path));
  }
  const number = checkPort(port, 0);
  if (host !== undefined) return open(ipAddress(host, number));
  try {
    return open(ipAddress("::", number));
  } catch (error) {
    if (ipv6Only || !isNetNSError(error) || !withoutIpv6.has(error.code)) throw error;
    return open(ipAddress("0.0.0.0", number));
  }
}

/** What IPv6 sockets fail with where IPv6 is not built in or is disabled. */
const withoutIpv6: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL", "EINVAL"]);

function openListenerOn(
  namespace: Namespace,
  address: SocketAddress,
  backlog: number,
  ipv6Only: boolean,
): number {
  const fd = createSocket(namespace, address.family, SOCK_STREAM);
  return closeOnError(fd, () => {
    if (address.family !== AF_UNIX) setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (address.family === AF_INET6) {
      const result = setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, ipv6Only ? 1 : 0);
      if (result < 0) throw addressError(namespace, address, "setsockopt", result);
    }
    bindSocket(namespace, fd, address);
    const result = libc().listen(fd, backlog);
    if (result < 0) throw addressError(namespace, address, "listen", result);
    return fd;
  });
}
