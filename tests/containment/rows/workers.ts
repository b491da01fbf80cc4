/**
 * Threads that are started from inside: what they do is inside as well.
 *
 * @module
 */

import { once } from "node:events";
import { Worker as NodeWorker } from "node:worker_threads";
import { address, name, ports } from "../places.ts";
import { type Group, type Row, sideOfAddress, url } from "./row.ts";

/** What a thread does, as text, in which `answer` and `fail` are known. */
const acts: Record<string, { text: string; tell?: (answer: string) => string }> = {
  "connects by address": {
    text: `require("node:net").connect(${ports.tcp}, "${address}")
      .on("data", (data) => answer(String(data))).on("error", fail);`,
  },
  "connects by name": {
    text: `require("node:net").connect(${ports.tcp}, "${name}")
      .on("data", (data) => answer(String(data))).on("error", fail);`,
  },
  "sends a datagram by name": {
    text: `const socket = require("node:dgram").createSocket("udp4");
      socket.on("message", (data) => { socket.close(); answer(String(data)); }).on("error", fail);
      socket.send("who", ${ports.udp}, "${name}");`,
  },
  "looks a name up": {
    text: `require("node:dns").promises.lookup("${name}")
      .then(({ address }) => answer(address)).catch(fail);`,
    tell: sideOfAddress,
  },
  "resolves a name": {
    text: `require("node:dns").promises.resolve4("${name}")
      .then(([address]) => answer(address)).catch(fail);`,
    tell: sideOfAddress,
  },
  "fetches by address": {
    text: `fetch("${
      url("http", address)
    }").then((response) => response.text()).then(answer, fail);`,
  },
  "fetches by name": {
    text: `fetch("${url("http", name)}").then((response) => response.text()).then(answer, fail);`,
  },
  "starts a thread that looks a name up": {
    text: `const { Worker } = require("node:worker_threads");
      const text = 'require("node:dns").promises.lookup("${name}").then(({ address }) => ' +
        'require("node:worker_threads").parentPort.postMessage(address));';
      const worker = new Worker(text, { eval: true });
      worker.on("error", fail);
      worker.on("message", async (address) => { await worker.terminate(); answer(address); });`,
    tell: sideOfAddress,
  },
};

interface Message {
  answer?: string;
  code?: string;
  message?: string;
}

const failure = `const fail = (error) => post({
  code: error.code ?? error.cause?.code, message: String(error.message),
});`;

function read({ answer, code, message }: Message, tell = (answer: string) => answer): string {
  if (answer === undefined) throw Object.assign(new Error(message), { code });
  return tell(answer);
}

/** `node:worker_threads`. */
const nodeRows = Object.entries(acts).map(([what, { text, tell }]): Row => ({
  name: `new Worker of node:worker_threads that ${what}`,
  ask: async () => {
    const worker = new NodeWorker(
      `const post = (message) => require("node:worker_threads").parentPort.postMessage(message);
       const answer = (answer) => post({ answer });
       ${failure}
       ${text}`,
      { eval: true },
    );
    try {
      const [message] = await once(worker, "message");
      return read(message, tell);
    } finally {
      await worker.terminate();
    }
  },
}));

/** The web's `Worker`, which Deno and Bun have. */
const webRows = Object.entries(acts).map(([what, { text, tell }]): Row => ({
  name: `new Worker of the web that ${what}`,
  on: ["deno", "bun"],
  ask: async () => {
    const program = `import { createRequire } from "node:module";
      const require = createRequire("file:///");
      const post = (message) => postMessage(message);
      const answer = (answer) => post({ answer });
      ${failure}
      ${text}`;
    const file = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    const worker = new Worker(file, { type: "module" });
    try {
      const message = await new Promise<Message>((resolve, reject) => {
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => reject(new Error(event.message));
      });
      return read(message, tell);
    } finally {
      worker.terminate();
    }
  },
}));

/** Threads. */
export const workerGroup: Group = {
  title: "Threads started inside",
  rows: [
    ...nodeRows,
    {
      name: "new Worker of node:worker_threads, of a file, that connects by name",
      ask: async () => {
        const worker = new NodeWorker(new URL("./worker.mjs", import.meta.url));
        try {
          const [message] = await once(worker, "message");
          return String(message);
        } finally {
          await worker.terminate();
        }
      },
    },
    ...webRows,
  ],
};
