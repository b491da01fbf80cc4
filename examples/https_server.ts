/**
 * An HTTPS server whose socket is inside a network namespace, on the event loop of this program.
 * Run it as root with a key, a certificate for `localhost`, and that of its authority:
 * `node --import tsx examples/https_server.ts KEY CERTIFICATE AUTHORITY`.
 */

import fs from "node:fs";
import http from "node:http";
import process from "node:process";
import tls from "node:tls";
import { NetNS } from "../mod.ts";

const [key, cert, ca] = process.argv.slice(2).map((file) => fs.readFileSync(file, "utf8"));

const ns = NetNS.create();
const web = http.createServer((request, response) => response.end(`hello, ${request.url}`));

// With Bun a node:https server does not answer connections that are handed to it; this does.
const secure = tls.createServer({ key, cert }, (socket) => {
  web.emit("connection", socket);
});
const server = ns.listen({ port: 443 }, (socket) => {
  secure.emit("connection", socket);
});

const answer = await ns.do(async (ca) => {
  const { get } = await import("node:https");
  return await new Promise<string>((resolve, reject) => {
    get({ host: "localhost", path: "/inside", ca, agent: false }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(`${response.statusCode} ${body}`);
    }).on("error", reject);
  });
}, ca);
console.log(answer);

server.close();
await ns.close();
