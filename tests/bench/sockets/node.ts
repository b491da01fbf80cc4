/**
 * Sockets of Node.
 *
 * @module
 */

import type { Sockets } from "./types.ts";

/** By `node:net`. */
export const nodeSockets: Sockets = {
  async serve(size) {
    const { createServer } = await import("node:net");
    const chunk = new Uint8Array(65536);
    const server = createServer((socket) => {
      let left = size;
      const write = () => {
        while (left > 0) {
          left -= chunk.length;
          if (!socket.write(chunk) && left > 0) return void socket.once("drain", write);
        }
      };
      socket.on("error", () => {});
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return (server.address() as { port: number }).port;
  },
  async receive(host, port, size) {
    const { connect } = await import("node:net");
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      let left = size;
      const onread = {
        buffer: new Uint8Array(65536),
        callback(count: number) {
          left -= count;
          if (left > 0) return true;
          socket.destroy();
          resolve();
          return false;
        },
      };
      const socket = connect({ host, port, onread });
      socket.once("error", reject);
    });
    return (performance.now() - start) * 1e6;
  },
};
