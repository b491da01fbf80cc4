/**
 * An HTTP server whose socket is inside a network namespace, on the event loop of this program.
 * Run it as root: `node --import tsx examples/http_server.ts`, `deno run -A examples/http_server.ts`
 * or `bun examples/http_server.ts`.
 */

import http from "node:http";
import { NetNS } from "../mod.ts";

const ns = NetNS.create();
const web = http.createServer((request, response) => response.end(`hello, ${request.url}`));

// Connections are handed over, not the listening socket: of that, Bun's http.Server takes no notice.
const server = ns.listen({ port: 80 }, (socket) => {
  web.emit("connection", socket);
});

const answer = await ns.do(async () => {
  const { get } = await import("node:http");
  return await new Promise<string>((resolve, reject) => {
    get({ host: "127.0.0.1", path: "/inside", agent: false }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(`${response.statusCode} ${body}`);
    }).on("error", reject);
  });
});
console.log(answer);

server.close();
await ns.close();
