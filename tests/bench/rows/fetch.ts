/**
 * Small HTTP requests over a connection that is kept.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { NetNS } from "../../../mod.ts";
import { timeAsync } from "../measurement.ts";
import type { Family } from "../row.ts";

const program = `
  const { createServer } = require("node:http");
  const { parentPort } = require("node:worker_threads");
  const server = createServer((_request, response) => response.end("hello"));
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

async function serve(): Promise<number> {
  const { createServer } = await import("node:http");
  const server = createServer((_request, response) => void response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

async function readAll(response: Promise<Response>): Promise<void> {
  await (await response).text();
}

/** The row of `ns.fetch`. The server has a thread of its own in both cases. */
export const fetchInside: Family = {
  name: "fetch",
  measurements: {
    async inside() {
      const ns = NetNS.create();
      const server = NetNS.fromFd(ns.fd);
      const url = `http://127.0.0.1:${await server.do(serve)}/`;
      return {
        sample: timeAsync(() => readAll(ns.fetch(url))),
        async close() {
          await ns.close();
          await server.close();
        },
      };
    },
    async own() {
      const server = new Worker(program, { eval: true });
      const port = await new Promise<number>((resolve) => server.once("message", resolve));
      const url = `http://127.0.0.1:${port}/`;
      return {
        sample: timeAsync(() => readAll(fetch(url))),
        async close() {
          await server.terminate();
        },
      };
    },
  },
  rows: [
    {
      title: "`ns.fetch` of a small response, and the runtime's own `fetch` on loopback",
      ours: { run: { measurement: "inside" }, label: "ns.fetch", samples: 300 },
      rival: { run: { measurement: "own" }, label: "fetch", samples: 300 },
      goal: { atMost: 1.6 },
    },
  ],
};
