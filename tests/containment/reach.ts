/**
 * Clients for servers that a row starts.
 *
 * @module
 */

import dgram from "node:dgram";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import type { Readable } from "node:stream";
import tls from "node:tls";
import { address } from "./places.ts";

/** A server of a row: how it is spoken to, and the port or the abstract name that it listens on. */
export interface Target {
  protocol: "tcp" | "tls" | "http2" | "http2s" | "udp" | "inspector";
  port?: number;
  path?: string;
}

/** What a server says, to whoever asks as HTTP does. */
export async function reach({ protocol, port = 0, path }: Target): Promise<string> {
  switch (protocol) {
    case "tcp":
      return await ask(net.connect(path === undefined ? { host: address, port } : { path }));
    case "tls":
      return await ask(tls.connect({ host: address, port, rejectUnauthorized: false }));
    case "http2":
      return await askHttp2(http2.connect(`http://${address}:${port}`));
    case "http2s":
      return await askHttp2(
        http2.connect(`https://${address}:${port}`, { rejectUnauthorized: false }),
      );
    case "udp":
      return await askDatagram(port);
    case "inspector":
      return await askInspector(port);
  }
}

async function ask(socket: net.Socket): Promise<string> {
  socket.write("GET / HTTP/1.0\r\n\r\n");
  return await readAll(socket);
}

async function askHttp2(session: http2.ClientHttp2Session): Promise<string> {
  const failed = once(session, "error").then(([error]) => Promise.reject(error));
  try {
    return await Promise.race([readAll(session.request({ ":path": "/" })), failed]);
  } finally {
    session.destroy();
  }
}

/** What may be inspected. The connection stays open for longer than the response. */
async function askInspector(port: number): Promise<string> {
  const request = http.get({ host: address, port, path: "/json/list", agent: false });
  const [response] = await once(request, "response");
  return await readAll(response);
}

async function readAll(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

async function askDatagram(port: number): Promise<string> {
  // Not every runtime says when nobody listens.
  if (!isBound(port)) return "nobody listens";
  const socket = dgram.createSocket("udp4");
  try {
    const answered = once(socket, "message");
    socket.connect(port, address, () => socket.send("who"));
    return String((await answered)[0]);
  } finally {
    socket.close();
  }
}

/** Whether a UDP port is in use in the namespace of this process. */
function isBound(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  return ["udp", "udp6"].some((file) => {
    const [, ...lines] = fs.readFileSync(`/proc/self/net/${file}`, "utf8").split("\n");
    return lines.some((line) => `${line.trim().split(/\s+/)[1]} `.endsWith(local));
  });
}
