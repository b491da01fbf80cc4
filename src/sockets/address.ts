/**
 * Addresses of sockets: what users write, checked and turned into a `struct sockaddr_*`.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { AF_INET, AF_INET6, AF_UNIX } from "../../ffi/constants.ts";
import { sockaddrIn, sockaddrIn6, sockaddrUn } from "../../ffi/structs.ts";
import { checkInteger, outOfRange, wrongType } from "../check.ts";
import { ipBytes } from "../ip_address.ts";

/** An address that a socket can be bound or connected to. */
export interface SocketAddress {
  /** `AF_INET`, `AF_INET6` or `AF_UNIX`. */
  readonly family: number;
  /** The `struct sockaddr_*`. */
  readonly bytes: Uint8Array;
  /** The IP address, or the path of a Unix socket. */
  readonly address: string;
  /** The port; `undefined` for a Unix socket. */
  readonly port: number | undefined;
}

/** How people read an address: `[::1]:80`, `127.0.0.1:80`, `\0name`. */
export function showAddress({ family, address, port }: SocketAddress): string {
  if (family === AF_UNIX) return `"${address.replace("\0", "\\0")}"`;
  return family === AF_INET6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Requires `host` to be an IP address or `localhost`; with a port it is an address. `expected` says
 * what else the caller takes.
 */
export function ipAddress(
  host: unknown,
  port: number,
  expected = 'an IP address or "localhost"',
): SocketAddress {
  if (typeof host !== "string") throw wrongType("options.host", "a string", host);
  const address = host === "localhost" ? "127.0.0.1" : host;
  if (builtin.net.isIPv4(address)) {
    return { family: AF_INET, bytes: sockaddrIn(ipBytes(address)!, port), address, port };
  }
  const [text, zone = "0"] = address.split("%") as [string, string?];
  if (!builtin.net.isIPv6(text)) {
    throw wrongType("options.host", expected, host);
  }
  if (!/^\d{1,9}$/.test(zone)) {
    throw wrongType("options.host", "with the index of an interface after the %", host);
  }
  const bytes = sockaddrIn6(ipBytes(text)!, port, Number(zone));
  return { family: AF_INET6, bytes, address, port };
}

/** Requires `path` to be that of an abstract Unix socket. */
export function abstractAddress(path: unknown): SocketAddress {
  if (typeof path !== "string") throw wrongType("options.path", "a string", path);
  if (!path.startsWith("\0") || path.length === 1) {
    throw outOfRange(
      "options.path",
      "a name after a NUL, as a Unix socket in the file system belongs to no network namespace",
      path,
    );
  }
  const bytes = sockaddrUn(path);
  if (bytes.byteLength > 110) throw outOfRange("options.path", "at most 108 bytes", path);
  return { family: AF_UNIX, bytes, address: path, port: undefined };
}

/** Requires a port number. */
export function checkPort(port: unknown, min: number): number {
  return checkInteger("options.port", port, min, 65535);
}
