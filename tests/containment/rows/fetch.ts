/**
 * The web's own clients: `fetch`, `WebSocket`, `EventSource`.
 *
 * @module
 */

import { address } from "../places.ts";
import { type Group, name, url } from "./row.ts";

/** Asks and reads the whole answer. */
async function textFrom(input: string | Request, init?: RequestInit): Promise<string> {
  return await (await fetch(input, init)).text();
}

/** `fetch`. */
export const fetchGroup: Group = {
  title: "fetch",
  rows: [
    { name: "fetch, by address", ask: () => textFrom(url("http", address)) },
    { name: "fetch, localhost", ask: () => textFrom(url("http", "localhost")) },
    { name: "fetch, by name", ask: () => textFrom(url("http", name)) },
    { name: "fetch, of a Request", ask: () => textFrom(new Request(url("http", name))) },
    { name: "fetch, https, by address", ask: () => textFrom(url("https", address)) },
    { name: "fetch, https, by name", ask: () => textFrom(url("https", name)) },
    {
      name: "fetch, keep-alive",
      ask: async () => {
        await textFrom(url("http", address));
        return await textFrom(url("http", address));
      },
    },
    {
      name: "fetch, without keep-alive",
      ask: () => textFrom(url("http", address), { keepalive: false }),
    },
    { name: "fetch, redirect", ask: () => textFrom(url("http", name, "/redirect")) },
    {
      name: "fetch, streamed response",
      ask: async () => {
        const { body } = await fetch(url("http", name, "/stream"));
        let text = "";
        const decoder = new TextDecoder();
        const reader = body!.getReader();
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          text += decoder.decode(part.value, { stream: true });
        }
        return text;
      },
    },
    {
      name: "fetch, streamed request",
      ask: () => {
        const body = new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode("one"));
            controller.close();
          },
        });
        const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
        return textFrom(url("http", name), init);
      },
    },
    {
      name: "fetch, body of a form",
      ask: () => {
        const body = new FormData();
        body.set("one", "two");
        return textFrom(url("http", name), { method: "POST", body });
      },
    },
  ],
};

/** The first message that a WebSocket receives. */
export function firstMessage(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.onmessage = (event) => {
      resolve(String(event.data));
      socket.close();
    };
    socket.onerror = (event) =>
      reject((event as ErrorEvent).error ?? new Error((event as ErrorEvent).message));
  });
}

const withWebSocket = ["node26", "deno", "bun"] as const;

/** `WebSocket` and `EventSource`. */
export const webSocketGroup: Group = {
  title: "WebSocket, EventSource",
  rows: [
    {
      name: "WebSocket, ws, by address",
      on: withWebSocket,
      ask: () => firstMessage(new WebSocket(url("ws", address))),
    },
    {
      name: "WebSocket, ws, by name",
      on: withWebSocket,
      ask: () => firstMessage(new WebSocket(url("ws", name))),
    },
    {
      name: "WebSocket, wss, by address",
      on: withWebSocket,
      ask: () => firstMessage(new WebSocket(url("wss", address))),
    },
    {
      name: "WebSocket, wss, by name",
      on: withWebSocket,
      ask: () => firstMessage(new WebSocket(url("wss", name))),
    },
    {
      name: "WebSocketStream",
      on: ["deno"],
      ask: async () => {
        const { WebSocketStream } = globalThis as unknown as {
          WebSocketStream: new (url: string) => {
            opened: Promise<{ readable: ReadableStream<string> }>;
            closed: Promise<unknown>;
            close(): void;
          };
        };
        const socket = new WebSocketStream(url("ws", name));
        const { readable } = await socket.opened;
        const { value } = await readable.getReader().read();
        socket.close();
        await socket.closed;
        return String(value);
      },
    },
    {
      name: "EventSource",
      on: ["deno"],
      ask: () => {
        const { EventSource } = globalThis as unknown as {
          EventSource: new (url: string) => {
            onmessage: (event: MessageEvent) => void;
            onerror: (event: Event) => void;
            close(): void;
          };
        };
        const source = new EventSource(url("http", name, "/events"));
        return new Promise((resolve, reject) => {
          source.onmessage = ({ data }) => {
            resolve(data);
            source.close();
          };
          source.onerror = (event) => reject(new Error((event as ErrorEvent).message));
        });
      },
    },
  ],
};
