/**
 * Sockets of Bun.
 *
 * @module
 */

import type { Sockets } from "./types.ts";

/** By `Bun.listen` and `Bun.connect`. */
export const bunSockets: Sockets = {
  // deno-lint-ignore require-await
  async serve() {
    const server = Bun.listen({
      hostname: "0.0.0.0",
      port: 0,
      allowHalfOpen: true,
      socket: {
        data() {},
        end(socket) {
          socket.end("x");
        },
      },
    });
    return server.port;
  },
  async send(hostname, port, size) {
    const chunk = new Uint8Array(65536);
    let left = size;
    let start = 0;
    await new Promise<void>((resolve, reject) => {
      const write = (socket: { write(data: Uint8Array): number; shutdown(): void }) => {
        while (left > 0) {
          const written = socket.write(left < chunk.length ? chunk.subarray(0, left) : chunk);
          left -= written;
          if (written < chunk.length) break;
        }
        if (left === 0) socket.shutdown();
      };
      Bun.connect({
        hostname,
        port,
        allowHalfOpen: true,
        socket: {
          open(socket) {
            start = performance.now();
            write(socket);
          },
          drain(socket) {
            if (left > 0) write(socket);
          },
          data(socket) {
            resolve();
            socket.end();
          },
          error(_socket, error) {
            reject(error);
          },
          connectError(_socket, error) {
            reject(error);
          },
        },
      });
    });
    return (performance.now() - start) * 1e6;
  },
};
