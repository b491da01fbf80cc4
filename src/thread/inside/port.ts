/**
 * The port to the main thread, which is the library's.
 *
 * @module
 */

import workerThreads, { type MessagePort } from "node:worker_threads";
import type { ThreadData, ToThread } from "../protocol.ts";

/** What a Worker has for the messages to and from the thread that started it. */
const ownGlobals = ["postMessage", "onmessage", "close"];

/**
 * Takes the port, and what came with it: what runs inside is no Worker of its own and finds none,
 * once `syncBuiltinESMExports()` has been called. What it posted would pass for an answer.
 */
export function takePort(): { port: MessagePort; data: ThreadData } {
  const { parentPort, workerData } = workerThreads;
  Object.assign(workerThreads, { parentPort: null, workerData: null });
  for (const name of ownGlobals) Reflect.deleteProperty(globalThis, name);
  return { port: parentPort!, data: workerData as ThreadData };
}

/** Has `receive` called with each message, and nobody else. */
export function receiveFrom(port: MessagePort, receive: (message: ToThread) => void): void {
  port.on("message", receive);
  if (!("Deno" in globalThis)) return;
  // There the messages are events of the global object, on which anyone can listen from now on.
  addEventListener("message", (event) => event.stopImmediatePropagation());
}
