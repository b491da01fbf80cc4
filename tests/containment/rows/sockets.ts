/**
 * Sockets of `node:net`, `node:tls` and `node:dgram`.
 *
 * @module
 */

import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { abstractName, address, ports } from "../places.ts";
import {
  certificateAuthority,
  freeAbstractName,
  type Group,
  name,
  ownCertificate,
  sidesThatReach,
  sidesThatReachServer,
  textOf,
  token,
} from "./row.ts";

/** Answers who asks, as a connection that ends early may fail for who still writes. */
const answerToken = (socket: net.Socket) => void socket.once("data", () => socket.end(token));
const tokenServer = () => net.createServer(answerToken);

/** TCP and unix sockets of `node:net`. */
export const netGroup: Group = {
  title: "node:net",
  rows: [
    { name: "net.connect, by address", ask: () => textOf(net.connect(ports.tcp, address)) },
    { name: "net.connect, localhost", ask: () => textOf(net.connect(ports.tcp, "localhost")) },
    { name: "net.connect, by name", ask: () => textOf(net.connect(ports.tcp, name)) },
    {
      name: "net.createConnection, by name, one family",
      ask: () => textOf(net.createConnection({ port: ports.tcp, host: name, family: 4 })),
    },
    {
      name: "new net.Socket().connect, by name",
      ask: () => textOf(new net.Socket().connect({ port: ports.tcp, host: name })),
    },
    {
      name: "net.connect, abstract unix socket",
      ask: () => textOf(net.connect({ path: abstractName })),
    },
    {
      name: "net.Server.listen, no host",
      ask: () => sidesThatReachServer(tokenServer().listen(0)),
    },
    {
      name: "net.Server.listen, address",
      ask: () => sidesThatReachServer(tokenServer().listen(0, address)),
    },
    {
      name: "net.Server.listen, localhost",
      ask: () => sidesThatReachServer(tokenServer().listen({ port: 0, host: "localhost" })),
    },
    {
      name: "net.Server.listen, abstract unix socket",
      ask: async () => {
        const path = freeAbstractName();
        const server = tokenServer().listen({ path });
        await once(server, "listening");
        try {
          return await sidesThatReach({ protocol: "tcp", path });
        } finally {
          server.close();
        }
      },
    },
  ],
};

const tlsOptions = () => ({ port: ports.tls, ca: certificateAuthority() });

/** `node:tls`. */
export const tlsGroup: Group = {
  title: "node:tls",
  rows: [
    {
      name: "tls.connect, by address",
      ask: () => textOf(tls.connect({ ...tlsOptions(), host: address })),
    },
    {
      name: "tls.connect, by name",
      ask: () => textOf(tls.connect({ ...tlsOptions(), host: name, servername: name })),
    },
    {
      name: "tls.connect, on a socket",
      ask: async () => {
        const socket = net.connect(ports.tls, name);
        await once(socket, "connect");
        return await textOf(tls.connect({ ...tlsOptions(), socket, servername: name }));
      },
    },
    {
      name: "tls.Server.listen",
      ask: () => {
        const server = tls.createServer(
          ownCertificate(),
          (socket) => void socket.once("data", () => socket.end(token)),
        );
        return sidesThatReachServer(server.listen(0, address), "tls");
      },
    },
  ],
};

async function answerTo(socket: dgram.Socket): Promise<string> {
  const [message] = await once(socket, "message");
  socket.close();
  return String(message);
}

async function sidesThatReachBound(socket: dgram.Socket): Promise<string> {
  socket.on("message", (_, peer) => socket.send(token, peer.port, peer.address));
  await once(socket, "listening");
  const reached = await sidesThatReach({ protocol: "udp", port: socket.address().port });
  socket.close();
  return reached;
}

/** `node:dgram`. */
export const dgramGroup: Group = {
  title: "node:dgram",
  rows: [
    {
      name: "dgram send, by address",
      ask: () => {
        const socket = dgram.createSocket("udp4");
        socket.send("who", ports.udp, address);
        return answerTo(socket);
      },
    },
    {
      name: "dgram send, by name",
      ask: () => {
        const socket = dgram.createSocket("udp4");
        socket.send("who", ports.udp, name);
        return answerTo(socket);
      },
    },
    {
      name: "dgram connect, by name",
      ask: () => {
        const socket = dgram.createSocket("udp4");
        socket.connect(ports.udp, name, () => socket.send("who"));
        return answerTo(socket);
      },
    },
    {
      name: "dgram bind, no address",
      ask: () => sidesThatReachBound(dgram.createSocket("udp4").bind(0)),
    },
    {
      name: "dgram bind, address",
      ask: () => sidesThatReachBound(dgram.createSocket("udp4").bind(0, address)),
    },
    {
      name: "dgram bind, localhost",
      ask: () => sidesThatReachBound(dgram.createSocket("udp4").bind(0, "localhost")),
    },
  ],
};
