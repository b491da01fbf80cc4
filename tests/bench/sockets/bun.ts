/**
 * Sockets of Bun.
 *
 * @module
 */

import type { Sockets } from "./types.ts";

/** By `Bun.listen` and `Bun.connect`. */
export const bunSockets: Sockets = {
  // deno-lint-ignore require-await
  async serve(size) {
    const chunk = new Uint8Array(65536);
    const write = (socket: { data: number; write(data: Uint8Array): number }) => {
      while (socket.data > 0) {
        const written = socket.write(chunk);
        socket.data -= written;
        if (written < chunk.length) break;
      }
    };
    const server = Bun.listen<number>({
      hostname: "0.0.0.0",
      port: 0,
      socket: {
        open(socket) {
          socket.data = size;
          write(socket);
        },
        drain: write,
        data() {},
      },
    });
    return server.port;
  },
  async receive(hostname, port, size) {
    let left = size;
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      Bun.connect({
        hostname,
        port,
        socket: {
          data(socket, data) {
            left -= data.length;
            if (left > 0) return;
            socket.end();
            resolve();
          },
          error: (_socket, error) => reject(error),
          connectError: (_socket, error) => reject(error),
        },
      }).catch(reject);
    });
    return (performance.now() - start) * 1e6;
  },
};
