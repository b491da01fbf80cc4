/**
 * A container engine for tests: an HTTP server on a Unix socket.
 *
 * @module
 */

import { once } from "node:events";
import http from "node:http";
import path from "node:path";
import { inTemporaryDirectory } from "./temporary_directory.ts";

/** Runs a function with an engine that answers by `answer`, which gets the path of each request. */
export async function withEngine<T>(
  answer: (path: string, response: http.ServerResponse) => void,
  run: (socketPath: string) => Promise<T>,
): Promise<T> {
  return await inTemporaryDirectory(async (directory) => {
    const socketPath = path.join(directory, "engine.sock");
    const server = http.createServer((request, response) => answer(request.url!, response));
    server.listen(socketPath);
    await once(server, "listening");
    try {
      return await run(socketPath);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

/** An engine's answer to who asks for a container. */
export function inspection(id: string, pid: number): string {
  const state = { Status: pid ? "running" : "exited", Running: pid > 0, Pid: pid };
  return JSON.stringify({ Id: id, Name: "/web", State: state });
}
