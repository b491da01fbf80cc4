/**
 * Sockets of Node.
 *
 * @module
 */

import type { Sockets } from "./types.ts";

/** By `node:net`. */
export const nodeSockets: Sockets = {
  async serve() {
    const { createServer } = await import("node:net");
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", () => {}).on("end", () => socket.end("x"));
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return (server.address() as { port: number }).port;
  },
  async send(host, port, size) {
    const { connect } = await import("node:net");
    const chunk = new Uint8Array(65536);
    const socket = connect({ host, port, allowHalfOpen: true });
    await new Promise((resolve) => socket.once("connect", resolve));
    const start = process.hrtime.bigint();
    await new Promise<void>((resolve) => {
      let left = size;
      const write = () => {
        while (left > 0) {
          left -= chunk.length;
          if (!socket.write(chunk) && left > 0) return void socket.once("drain", write);
        }
        socket.end();
      };
      socket.once("data", () => resolve());
      write();
    });
    const time = Number(process.hrtime.bigint() - start);
    socket.destroy();
    return time;
  },
};
