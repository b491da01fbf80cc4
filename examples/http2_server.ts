/**
 * An HTTP/2 server whose socket is inside a network namespace, on the event loop of this program.
 * Run it as root with a key, a certificate for `localhost`, and that of its authority:
 * `node --import tsx examples/http2_server.ts KEY CERTIFICATE AUTHORITY`.
 */

import fs from "node:fs";
import http2 from "node:http2";
import process from "node:process";
import { NetNS } from "../mod.ts";

const [key, cert, ca] = process.argv.slice(2).map((file) => fs.readFileSync(file, "utf8"));

const ns = NetNS.create();
const web = http2.createSecureServer({ key, cert }, (request, response) => {
  response.end(`hello, ${request.url}`);
});
const server = ns.listen({ port: 443 }, (socket) => {
  web.emit("connection", socket);
});

const answer = await ns.do(async (ca) => {
  const { connect } = await import("node:http2");
  const session = connect("https://localhost", { ca });
  return await new Promise<string>((resolve, reject) => {
    session.on("error", reject);
    const request = session.request({ ":path": "/inside" });
    let status: number | undefined;
    request.on("response", (headers) => status = headers[":status"]);
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => body += chunk);
    request.on("end", () => session.close(() => resolve(`${status} ${body}`)));
  });
}, ca);
console.log(answer);

server.close();
await ns.close();
