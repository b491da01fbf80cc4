/**
 * What a row of the table is, and what rows have in common.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import fs from "node:fs";
import type http from "node:http";
import net from "node:net";
import process from "node:process";
import type { RuntimeName } from "../../runner/runtimes.ts";
import { marks, name, ports, type Side, sideOf, sides } from "../places.ts";
import type { Target } from "../reach.ts";

/** One API of the network. */
export interface Row {
  name: string;
  /** Uses the API; gives who answered. */
  ask: () => string | Promise<string>;
  /** The runtimes that have the API. @default all */
  on?: readonly RuntimeName[];
  note?: string;
}

/** Rows that belong together. */
export interface Group {
  title: string;
  rows: readonly Row[];
}

/** Both versions of Node. */
export const node = ["node", "node26"] as const;

/** Variables of the environment of the process that asks. */
export const variables = {
  directory: "NETNS_WHO_DIRECTORY",
  certificates: "NETNS_WHO_CERTIFICATES",
} as const;

/** `http://who.test:4003/stream` */
export function url(
  protocol: "http" | "https" | "ws" | "wss",
  host: string,
  path: string = "/",
): string {
  const port = protocol.endsWith("s") && protocol !== "ws" ? ports.https : ports.http;
  return `${protocol}://${host}:${port}${path}`;
}

/** The certificate of who signed that of the servers. */
export function certificateAuthority(): string {
  return fs.readFileSync(`${process.env[variables.certificates]}/ca.pem`, "utf8");
}

/** The certificate of servers that rows start. */
export function ownCertificate(): { key: string; cert: string } {
  const read = (file: string) =>
    fs.readFileSync(`${process.env[variables.certificates]}/${file}`, "utf8");
  return { key: read("server.key"), cert: read("server.pem") };
}

/** All text of a stream. */
export async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as string));
  return Buffer.concat(chunks).toString();
}

/** The body of the response to a request. */
export async function responseTo(request: http.ClientRequest): Promise<string> {
  const [response] = await once(request, "response");
  return await textOf(response);
}

/** The side of an address that was looked up. */
export function sideOfAddress(found: string): string {
  return sides.find((side) => [marks[side].address, marks[side].address6].includes(found)) ??
    `no side's: ${found}`;
}

/** The side of a name as `ns.test`, from a record of the DNS. */
export function sideOfHost(host: string): string {
  return host.replace(/\.test\.?$/, "");
}

/** The side of a list of sockets as /proc/net/tcp has it. */
export function sideOfSockets(text: string): string {
  return sideOf(text, (side) => `0100007F:${marks[side].port.toString(16).toUpperCase()} `);
}

/** What a row starts: a server that answers with the token. */
export const token: string = `token-${Math.random()}`;

/** Which sides reach a server that answers with the token, or with another text of its own. */
export async function sidesThatReach(target: Target, mark: string = token): Promise<string> {
  const reached: Side[] = [];
  for (const side of sides) {
    const socket = net.connect({ path: `${process.env[variables.directory]}/${side}.sock` });
    socket.end(JSON.stringify(target));
    if ((await textOf(socket)).includes(mark)) reached.push(side);
  }
  return reached.length === 1 ? reached[0]! : `reached from ${reached.join(" and ") || "nowhere"}`;
}

/** Which sides reach a server that is about to listen. */
export async function sidesThatReachServer(
  server: net.Server,
  protocol: Target["protocol"] = "tcp",
): Promise<string> {
  if (!server.listening) await once(server, "listening");
  const bound = server.address() as net.AddressInfo | string;
  const target = typeof bound === "string" ? { path: bound } : { port: bound.port };
  try {
    return await sidesThatReach({ protocol, ...target });
  } finally {
    server.close();
  }
}

/** An abstract unix socket that nobody else has. */
export function freeAbstractName(): string {
  return `\0netns-who-${process.pid}-${Math.random()}`;
}

export { name };
