/**
 * Workers that are started inside, in every way to start one: they are where the thread is, and so
 * is all that they do. A DNS server at home and one inside know the same name with different
 * addresses, and servers at home and inside listen on the same ports.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { dnsServer, serveDns } from "../helpers/dns_server.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";
import { closed, listenHome } from "../helpers/sockets.ts";

const options = { skip: skipUnlessPrivileged() };
const withWebWorkers = {
  skip: skipAny(options.skip, skipOn(["node-koffi", "node-ffi"], "Node has no web Workers")),
};

const server = `127.84.${process.pid >> 8 & 255}.${process.pid & 255}`;
const files = {
  cjs: new URL("../fixtures/nested_worker.cjs", import.meta.url),
  mjs: new URL("../fixtures/nested_worker.mjs", import.meta.url),
};
const texts = { cjs: fs.readFileSync(files.cjs, "utf8"), mjs: fs.readFileSync(files.mjs, "utf8") };
const dataUrl = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;

/** What a Worker is told to ask for. */
interface Question {
  host?: string;
  tcp: number;
  web: number;
  deeper?: { eval: string } | { url: string } | undefined;
}

/** How a Worker is started. */
interface Start {
  /** The class, and how the program is given to it. */
  kind: "node-text" | "node-path" | "node-url" | "web-string" | "web-url" | "web-blob";
  program: string;
  options?: Record<string, unknown>;
}

/** What fetch() gives in the thread: the answer from inside, or that it is refused. */
let fetched: string;

/** A namespace with servers inside; those at home have the same addresses. */
async function withServers(run: (ns: NetNS, question: Question) => Promise<void>): Promise<void> {
  await serveDns({ "who.test": { addresses: ["127.0.0.11"] } }, server, 53);
  const tcp = await listenHome();
  const web = http.createServer((_, response) => response.end("home")).listen(0, "127.0.0.1");
  await once(web, "listening");
  const question = {
    host: "who.test",
    tcp: tcp.port,
    web: (web.address() as AddressInfo).port,
  };
  const ns = NetNS.create({ dns: { servers: [server], timeout: 5000, attempts: 1 } });
  try {
    await ns.do(serveDns, { "who.test": { addresses: ["127.0.0.22"] } }, server, 53);
    await ns.do(serveInside, question);
    fetched = await ns.do(fetchHere, `http://${question.host}:${question.web}/`);
    assert.match(fetched, /^(inside 127\.0\.0\.22|ERR_NETNS_NOT_CONTAINED)$/);
    await run(ns, question);
    assert.deepEqual(dnsServer(server).questions, []);
    assert.deepEqual(NetNS.audit().filter((thread) => thread.stray), []);
  } finally {
    dnsServer(server).close();
    web.close();
    await closed(tcp.server);
    await ns.close({ force: true });
  }
}

/** The answer to a request, or the code of the error. */
async function fetchHere(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function serveInside({ tcp, web }: Question): Promise<void> {
  const { once } = (await import("node:events")).default;
  const http = await import("node:http");
  const net = await import("node:net");
  const servers = [
    net.createServer((socket) => socket.end("inside")).listen(tcp, "0.0.0.0"),
    http.createServer(({ socket }, response) => response.end(`inside ${socket.localAddress}`))
      .listen(web, "0.0.0.0"),
  ];
  await Promise.all(servers.map((server) => once(server, "listening")));
}

/** Starts a Worker, asks it, and ends it; resolves with what it tells. */
async function askWorker({ kind, program, options }: Start, question: Question): Promise<unknown> {
  if (kind.startsWith("node")) {
    const { Worker } = await import("node:worker_threads");
    const worker = new Worker(kind === "node-url" ? new URL(program) : program, {
      eval: kind === "node-text",
      ...options,
    });
    try {
      return await new Promise((resolve, reject) => {
        worker.on("message", resolve);
        worker.on("error", reject);
        worker.on("exit", (code) => reject(new Error(`exit ${code}`)));
        worker.postMessage(question);
      });
    } finally {
      worker.postMessage("end");
      await new Promise((resolve) => worker.on("exit", resolve));
    }
  }
  const type = "text/javascript";
  const url = kind === "web-blob" ? URL.createObjectURL(new Blob([program], { type })) : program;
  const worker = new globalThis.Worker(kind === "web-url" ? new URL(url) : url, {
    type: "module",
    ...options,
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.postMessage(question);
    });
  } finally {
    worker.postMessage("end");
    URL.revokeObjectURL(url);
  }
}

function inside(ns: NetNS): object {
  return {
    netns: `net:[${ns.inode}]`,
    lookup: "127.0.0.22",
    promise: "127.0.0.22",
    net: "inside 127.0.0.22",
    fetch: fetched,
  };
}

const nodeForms: Record<string, Start> = {
  "the text of a CommonJS program": { kind: "node-text", program: texts.cjs },
  "the path of a CommonJS file": { kind: "node-path", program: files.cjs.pathname },
  "the path of a module": { kind: "node-path", program: files.mjs.pathname },
  "the URL of a CommonJS file": { kind: "node-url", program: files.cjs.href },
  "the URL of a module": { kind: "node-url", program: files.mjs.href },
  "a data: URL": { kind: "node-url", program: dataUrl(texts.mjs) },
};
if (runtime !== "deno") {
  nodeForms["the text of a module"] = { kind: "node-text", program: texts.mjs };
}

/** What a Worker of a program may be given. */
const gifts = [{}, {
  workerData: { some: ["data"] },
  argv: ["argument"],
  env: { NESTED: "variable", PATH: process.env["PATH"] },
  name: "nested",
  resourceLimits: { maxOldGenerationSizeMb: 256 },
}, { execArgv: ["--no-warnings"] }];

for (const [name, start] of Object.entries(nodeForms)) {
  leakChecked(
    `a Worker from ${name} is contained`,
    options,
    () =>
      withServers(async (ns, question) => {
        assert.deepEqual(await ns.do(askWorker, start, question), inside(ns));
      }),
  );

  leakChecked(`a Worker from ${name} is given what it is given at home`, options, async () => {
    const ns = NetNS.create();
    for (const options of gifts) {
      const question: Question = { tcp: 0, web: 0 };
      const atHome = await askWorker({ ...start, options }, question);
      assert.deepEqual(await ns.do(askWorker, { ...start, options }, question), atHome);
    }
    await ns.close();
  });
}

const webForms: Record<string, Start> = {
  "the URL of a module": { kind: "web-url", program: files.mjs.href },
  "a string with the URL of a module": { kind: "web-string", program: files.mjs.href },
  "a data: URL": { kind: "web-string", program: dataUrl(texts.mjs) },
  "a blob: URL": { kind: "web-blob", program: texts.mjs },
};

for (const [name, start] of Object.entries(webForms)) {
  leakChecked(
    `a web Worker from ${name} is contained`,
    withWebWorkers,
    () =>
      withServers(async (ns, question) => {
        assert.deepEqual(await ns.do(askWorker, start, question), inside(ns));
      }),
  );
}

leakChecked(
  "a Worker of a Worker is contained",
  options,
  () =>
    withServers(async (ns, question) => {
      const ways = [{ eval: texts.cjs }, { url: files.mjs.href }, { url: dataUrl(texts.mjs) }];
      for (const deeper of ways) {
        const start: Start = { kind: "node-url", program: files.mjs.href };
        const report = await ns.do(askWorker, start, { ...question, deeper });
        assert.deepEqual(report, { ...inside(ns), deeper: inside(ns) });
      }
    }),
);
