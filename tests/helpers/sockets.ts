/**
 * Servers and clients that tests of sockets talk to.
 *
 * @module
 */

import { once } from "node:events";
import net from "node:net";
import type { Duplex } from "node:stream";
import type { Namespace } from "../../src/namespace.ts";
import { connectInside as connect, type ConnectOptions } from "../../src/sockets/connect.ts";

/** Everything that a stream gives until its end. */
export async function readAll(stream: Duplex): Promise<string> {
  let text = "";
  stream.on("data", (chunk) => text += String(chunk));
  await once(stream, "end");
  return text;
}

/** What the server on a port of the caller's own namespace answers, or the code of the error. */
export async function askHome(port: number, host = "127.0.0.1"): Promise<string> {
  const socket = net.connect({ port, host });
  try {
    return await readAll(socket);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
  }
}

/** A server in the caller's own namespace that answers each connection with `home`. */
export async function listenHome(): Promise<{ server: net.Server; port: number }> {
  const server = net.createServer((socket) => socket.end("home"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: portOf(server) };
}

/** The port of a listening server. */
export function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}

/** Closes a server; resolves when it is closed. */
export async function closed(server: net.Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

/** Connects from inside to an address. */
export function connectInside(namespace: Namespace, options: ConnectOptions): net.Socket {
  return connect(namespace, options, (host) => {
    throw new Error(`there is nobody to look ${host} up`);
  });
}
