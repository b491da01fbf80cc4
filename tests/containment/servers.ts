/**
 * The program that serves one side: `node servers.mjs SIDE DIRECTORY`. DIRECTORY takes the unix
 * socket on which the program is asked whether it reaches a server; a path is not of any network
 * namespace.
 *
 * @module
 */

import dgram from "node:dgram";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import process from "node:process";
import tls from "node:tls";
import { mysqlServer, postgresServer, redisServer } from "./database_servers.ts";
import { serveDns } from "./dns_answers.ts";
import {
  abstractHttpName,
  abstractName,
  address,
  answerAt,
  marks,
  ports,
  type Side,
  sides,
} from "./places.ts";
import { reach } from "./reach.ts";
import { answerRequest, answerUpgrade } from "./web_server.ts";

const [side, directory, certificates] = process.argv.slice(2) as [Side, string, string];

const certificate = {
  cert: fs.readFileSync(path.join(certificates, "server.pem")),
  key: fs.readFileSync(path.join(certificates, "server.key")),
};

const sayWho = (socket: net.Socket) => {
  socket.end(answerAt(side, socket.localAddress)).on("error", () => {});
};
const answer: http.RequestListener = (request, response) => answerRequest(side, request, response);
const answer2 = (_: http2.Http2ServerRequest, response: http2.Http2ServerResponse) =>
  response.end(answerAt(side, response.stream?.session?.socket.localAddress));

const web = http.createServer(answer);
const webTls = https.createServer(certificate, answer);
for (const server of [web, webTls]) {
  server.on("upgrade", (request, socket) => answerUpgrade(side, request, socket));
}

const listening: net.Server[] = [
  net.createServer(sayWho).listen(ports.tcp, "0.0.0.0"),
  net.createServer(sayWho).listen(marks[side].port, address),
  net.createServer(sayWho).listen(abstractName),
  tls.createServer(certificate, sayWho).listen(ports.tls, "0.0.0.0"),
  http.createServer(answer).listen(abstractHttpName),
  web.listen(ports.http, "0.0.0.0"),
  webTls.listen(ports.https, "0.0.0.0"),
  http2.createServer(answer2).listen(ports.http2, "0.0.0.0"),
  http2.createSecureServer({ ...certificate, allowHTTP1: true }, answer2)
    .listen(ports.http2s, "0.0.0.0"),
  redisServer(side).listen(ports.redis, "0.0.0.0"),
  postgresServer(side).listen(ports.postgres, "0.0.0.0"),
  mysqlServer(side).listen(ports.mysql, "0.0.0.0"),
  net.createServer({ allowHalfOpen: true }, tellWhetherReached)
    .listen(path.join(directory, `${side}.sock`)),
];
await Promise.all(listening.map((server) => once(server, "listening")));

for (const local of [address, ...sides.map((one) => marks[one].address)]) {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (_, peer) => socket.send(answerAt(side, local), peer.port, peer.address));
  socket.bind(ports.udp, local);
  await once(socket, "listening");
}
await serveDns(side);

/** Reads what is to be reached; answers with what the server there says, or why it is not reached. */
async function tellWhetherReached(asker: net.Socket): Promise<void> {
  let question = "";
  asker.on("data", (chunk) => question += chunk);
  await once(asker, "end");
  try {
    asker.end(await reach(JSON.parse(question)));
  } catch (error) {
    asker.end((error as NodeJS.ErrnoException).code ?? String(error));
  }
}

console.log("ready");
