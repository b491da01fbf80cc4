/**
 * `node:http`, `node:https` and `node:http2`.
 *
 * @module
 */

import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { abstractHttpName, address, ports } from "../places.ts";
import {
  certificateAuthority,
  type Group,
  name,
  ownCertificate,
  responseTo,
  sidesThatReachServer,
  textOf,
  token,
  url,
} from "./row.ts";

/** The second of two answers on one connection. */
async function askTwice(ask: () => Promise<string>): Promise<string> {
  await ask();
  return await ask();
}

/** `node:http`. */
export const httpGroup: Group = {
  title: "node:http",
  rows: [
    { name: "http.get, by address", ask: () => responseTo(http.get(url("http", address))) },
    { name: "http.get, localhost", ask: () => responseTo(http.get(url("http", "localhost"))) },
    { name: "http.get, by name", ask: () => responseTo(http.get(url("http", name))) },
    {
      name: "http.get, no agent, by name",
      ask: () => responseTo(http.get(url("http", name), { agent: false })),
    },
    {
      name: "http.get, new Agent, by name",
      ask: () => responseTo(http.get(url("http", name), { agent: new http.Agent() })),
    },
    {
      name: "http.get, keep-alive Agent",
      ask: () => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        return askTwice(() => responseTo(http.get(url("http", address), { agent })));
      },
    },
    {
      name: "http.get, createConnection",
      ask: () => {
        const createConnection = () => net.connect(ports.http, name);
        return responseTo(http.get(url("http", name), { createConnection, agent: false }));
      },
    },
    {
      name: "http.get, abstract unix socket",
      ask: () => responseTo(http.get({ socketPath: abstractHttpName, path: "/" })),
    },
    {
      name: "http.request, streamed body",
      ask: () => {
        const request = http.request(url("http", name), { method: "POST" });
        request.write("one");
        setTimeout(() => request.end("two"), 20);
        return responseTo(request);
      },
    },
    {
      name: "http.request, streamed response",
      ask: () => responseTo(http.request(url("http", name, "/stream")).end()),
    },
    {
      name: "http.Server.listen",
      ask: () =>
        sidesThatReachServer(http.createServer((_, response) => response.end(token)).listen(0)),
    },
    {
      name: "http.Server.listen, address",
      ask: () => {
        const server = http.createServer((_, response) => response.end(token));
        return sidesThatReachServer(server.listen(0, address));
      },
    },
  ],
};

const ca = certificateAuthority;

/** `node:https`. */
export const httpsGroup: Group = {
  title: "node:https",
  rows: [
    {
      name: "https.get, by address",
      ask: () => responseTo(https.get(url("https", address), { ca: ca() })),
    },
    {
      name: "https.get, by name",
      ask: () => responseTo(https.get(url("https", name), { ca: ca() })),
    },
    {
      name: "https.get, no agent, by name",
      ask: () => responseTo(https.get(url("https", name), { ca: ca(), agent: false })),
    },
    {
      name: "https.get, keep-alive Agent",
      ask: () => {
        const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: ca() });
        return askTwice(() => responseTo(https.get(url("https", address), { agent })));
      },
    },
    {
      name: "https.get, createConnection",
      ask: () => {
        const createConnection = () =>
          tls.connect({ port: ports.https, host: name, servername: name, ca: ca() });
        return responseTo(https.get(url("https", name), { createConnection, agent: false }));
      },
    },
    {
      name: "https.Server.listen",
      ask: () => {
        const server = https.createServer(ownCertificate(), (_, response) => response.end(token));
        return sidesThatReachServer(server.listen(0), "tls");
      },
    },
  ],
};

async function askHttp2(authority: string): Promise<string> {
  const session = http2.connect(authority, { ca: ca() });
  const failed = new Promise<never>((_, reject) => session.on("error", reject));
  try {
    return await Promise.race([textOf(session.request({ ":path": "/" })), failed]);
  } finally {
    session.close();
  }
}

const answerToken = (_: http2.Http2ServerRequest, response: http2.Http2ServerResponse) =>
  void response.end(token);

/** `node:http2`. */
export const http2Group: Group = {
  title: "node:http2",
  rows: [
    {
      name: "http2.connect, by address",
      ask: () => askHttp2(`http://${address}:${ports.http2}`),
    },
    { name: "http2.connect, by name", ask: () => askHttp2(`http://${name}:${ports.http2}`) },
    {
      name: "http2.connect, TLS, by address",
      ask: () => askHttp2(`https://${address}:${ports.http2s}`),
    },
    {
      name: "http2.connect, TLS, by name",
      ask: () => askHttp2(`https://${name}:${ports.http2s}`),
    },
    {
      name: "http2.Http2Server.listen",
      ask: () => sidesThatReachServer(http2.createServer(answerToken).listen(0), "http2"),
    },
    {
      name: "http2.Http2SecureServer.listen",
      ask: () => {
        const server = http2.createSecureServer(ownCertificate(), answerToken);
        return sidesThatReachServer(server.listen(0), "http2s");
      },
    },
  ],
};
