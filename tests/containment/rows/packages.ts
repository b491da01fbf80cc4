/**
 * Clients of the npm registry. Bun has clients of its own in place of three of them; there, the
 * packages themselves are loaded by path.
 *
 * @module
 */

import { address } from "../places.ts";
import { certificateAuthority, type Group, name, node, textOf, token, url } from "./row.ts";
import { sidesThatReachServer } from "./row.ts";
import { firstMessage } from "./fetch.ts";

/** A module of a package, by its path. */
async function byPath<Module>(file: string): Promise<Module> {
  return await import(new URL(`../../../node_modules/${file}`, import.meta.url).href);
}

type Undici = typeof import("undici");

const undici = (): Promise<Undici> => import("undici");
const npmUndici = (): Promise<Undici> => byPath("undici/index.js");

async function undiciRequest(module: Promise<Undici>, input: string): Promise<string> {
  const { request } = await module;
  return await (await request(input)).body.text();
}

async function undiciFetch(module: Promise<Undici>, input: string): Promise<string> {
  const { fetch } = await module;
  return await (await fetch(input)).text();
}

const withPackage = [...node, "deno"] as const;

/** `undici`. */
export const undiciGroup: Group = {
  title: "undici",
  rows: [
    {
      name: "undici.request, by address",
      ask: () => undiciRequest(undici(), url("http", address)),
    },
    { name: "undici.request, by name", ask: () => undiciRequest(undici(), url("http", name)) },
    { name: "undici.fetch, by name", ask: () => undiciFetch(undici(), url("http", name)) },
    {
      name: "undici.fetch, https",
      on: withPackage,
      ask: async () => {
        const { Agent, fetch } = await undici();
        const dispatcher = new Agent({ connect: { ca: certificateAuthority() } });
        return await (await fetch(url("https", name), { dispatcher })).text();
      },
    },
    {
      name: "undici.Client",
      on: withPackage,
      ask: async () => {
        const { Client } = await undici();
        const client = new Client(url("http", name).slice(0, -1));
        return await (await client.request({ path: "/", method: "GET" })).body.text();
      },
    },
    {
      name: "undici.Pool",
      on: withPackage,
      ask: async () => {
        const { Pool } = await undici();
        const pool = new Pool(url("http", address).slice(0, -1), { connections: 1 });
        const ask = async () =>
          await (await pool.request({ path: "/", method: "GET" })).body.text();
        await ask();
        return await ask();
      },
    },
    {
      name: "undici.stream",
      on: withPackage,
      ask: async () => {
        const { stream } = await undici();
        const { Writable } = await import("node:stream");
        let text = "";
        await stream(url("http", name, "/stream"), { method: "GET" }, () =>
          new Writable({
            write(chunk, _, done) {
              text += chunk;
              done();
            },
          }));
        return text;
      },
    },
    {
      name: "undici.WebSocket",
      on: withPackage,
      ask: async () => {
        const { WebSocket } = await undici();
        return await firstMessage(new WebSocket(url("ws", name)) as never);
      },
    },
    {
      name: "undici of npm, request, by name",
      on: ["bun"],
      ask: () => undiciRequest(npmUndici(), url("http", name)),
    },
    {
      name: "undici of npm, fetch, by name",
      on: ["bun"],
      ask: () => undiciFetch(npmUndici(), url("http", name)),
    },
    {
      name: "undici of npm, fetch, https",
      on: ["bun"],
      ask: () => undiciFetch(npmUndici(), url("https", name)),
    },
  ],
};

async function nodeFetch(
  module: Promise<typeof import("node-fetch")>,
  input: string,
): Promise<string> {
  return await (await (await module).default(input)).text();
}

const npmNodeFetch = (): Promise<typeof import("node-fetch")> => byPath("node-fetch/src/index.js");

/** `node-fetch`. */
export const nodeFetchGroup: Group = {
  title: "node-fetch",
  rows: [
    {
      name: "node-fetch, by address",
      ask: () => nodeFetch(import("node-fetch"), url("http", address)),
    },
    { name: "node-fetch, by name", ask: () => nodeFetch(import("node-fetch"), url("http", name)) },
    { name: "node-fetch, https", ask: () => nodeFetch(import("node-fetch"), url("https", name)) },
    {
      name: "node-fetch of npm, by name",
      on: ["bun"],
      ask: () => nodeFetch(npmNodeFetch(), url("http", name)),
    },
  ],
};

async function axiosGet(input: string, options: object = {}): Promise<string> {
  const { default: axios } = await import("axios");
  return (await axios.get(input, { proxy: false, ...options })).data;
}

async function gotGet(input: string, options: object = {}): Promise<string> {
  const { default: got } = await import("got");
  return await got(input, { retry: { limit: 0 }, ...options }).text();
}

/** `axios` and `got`. */
export const requestGroup: Group = {
  title: "axios, got",
  rows: [
    { name: "axios, by address", ask: () => axiosGet(url("http", address)) },
    { name: "axios, by name", ask: () => axiosGet(url("http", name)) },
    { name: "axios, https", ask: () => axiosGet(url("https", name)) },
    { name: "axios, redirect", ask: () => axiosGet(url("http", name, "/redirect")) },
    {
      name: "axios, adapter http",
      ask: () => axiosGet(url("http", name), { adapter: "http" }),
    },
    {
      name: "axios, adapter fetch",
      ask: () => axiosGet(url("http", name), { adapter: "fetch" }),
    },
    { name: "got, by address", ask: () => gotGet(url("http", address)) },
    { name: "got, by name", ask: () => gotGet(url("http", name)) },
    {
      name: "got, https",
      ask: () =>
        gotGet(url("https", name), { https: { certificateAuthority: certificateAuthority() } }),
    },
    {
      name: "got.stream",
      ask: async () => {
        const { default: got } = await import("got");
        return await textOf(got.stream(url("http", name, "/stream"), { retry: { limit: 0 } }));
      },
    },
  ],
};

type Ws = typeof import("ws");

async function wsMessage(module: Promise<Ws>, input: string, options: object = {}) {
  const { WebSocket } = await module;
  const socket = new WebSocket(input, options);
  return await new Promise<string>((resolve, reject) => {
    socket.on("message", (data) => {
      resolve(String(data));
      socket.close();
    }).on("error", reject);
  });
}

const npmWs = (): Promise<Ws> => byPath("ws/wrapper.mjs");

/** `ws`. */
export const wsGroup: Group = {
  title: "ws",
  rows: [
    { name: "ws, by address", ask: () => wsMessage(import("ws"), url("ws", address)) },
    { name: "ws, by name", ask: () => wsMessage(import("ws"), url("ws", name)) },
    {
      name: "ws, TLS, by address",
      ask: () => wsMessage(import("ws"), url("wss", address), { ca: certificateAuthority() }),
    },
    {
      name: "ws.WebSocketServer",
      ask: async () => {
        const { WebSocketServer } = await import("ws");
        const { createServer } = await import("node:http");
        const server = createServer((_, response) => response.end(token));
        new WebSocketServer({ server });
        return await sidesThatReachServer(server.listen(0));
      },
    },
    {
      name: "ws of npm, by name",
      on: ["bun"],
      ask: () => wsMessage(npmWs(), url("ws", name)),
    },
    {
      name: "ws of npm, TLS, by name",
      on: ["bun"],
      ask: () => wsMessage(npmWs(), url("wss", name), { ca: certificateAuthority() }),
    },
  ],
};
