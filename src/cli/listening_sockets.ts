/**
 * Who listens in a namespace, by its own /proc/net.
 *
 * @module
 */

import { isNetNSError, type NetNS } from "../../mod.ts";

/** A socket that waits for connections, or takes datagrams. */
export interface ListeningSocket {
  protocol: "tcp" | "udp";
  address: string;
  port: number;
}

const TCP_LISTEN = "0A";
const UDP_UNCONNECTED = "07";

/** The sockets of a namespace that others can reach. */
export async function listeningSockets(ns: NetNS): Promise<ListeningSocket[]> {
  const found: ListeningSocket[] = [];
  for (const file of ["tcp", "tcp6", "udp", "udp6"]) {
    const protocol = file.startsWith("tcp") ? "tcp" : "udp";
    for (const line of (await readTable(ns, file)).split("\n").slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      if (state !== (protocol === "tcp" ? TCP_LISTEN : UDP_UNCONNECTED)) continue;
      const [address, port] = local!.split(":") as [string, string];
      found.push({ protocol, address: showAddress(address), port: parseInt(port, 16) });
    }
  }
  return found;
}

/** A kernel may be without IPv6. */
async function readTable(ns: NetNS, file: string): Promise<string> {
  try {
    return await ns.readProcNet(file);
  } catch (error) {
    if (isNetNSError(error) && error.code === "ERR_NETNS_NOT_FOUND") return "";
    throw error;
  }
}

/** The kernel writes each 32 bits of an address in the order of the processor. */
function showAddress(hex: string): string {
  const bytes = hex.match(/.{8}/g)!.flatMap((word) =>
    word.match(/../g)!.map((byte) => parseInt(byte, 16)).reverse()
  );
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from(
    { length: 8 },
    (_, index) => (bytes[2 * index]! << 8 | bytes[2 * index + 1]!).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
