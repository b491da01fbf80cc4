/**
 * Sockets of Deno.
 *
 * @module
 */

import type { Sockets } from "./types.ts";

/** By `Deno.listen` and `Deno.connect`. */
export const denoSockets: Sockets = {
  // deno-lint-ignore require-await
  async serve(size) {
    const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const chunk = new Uint8Array(65536);
    const send = async (connection: Deno.Conn) => {
      for (let left = size; left > 0;) left -= await connection.write(chunk);
      await connection.closeWrite();
      connection.close();
    };
    void (async () => {
      for await (const connection of listener) void send(connection);
    })();
    return (listener.addr as Deno.NetAddr).port;
  },
  async receive(hostname, port, size) {
    const buffer = new Uint8Array(65536);
    const start = performance.now();
    const connection = await Deno.connect({ hostname, port });
    for (let left = size; left > 0;) {
      const count = await connection.read(buffer);
      if (count === null) throw new Error("too few bytes came");
      left -= count;
    }
    const time = (performance.now() - start) * 1e6;
    connection.close();
    return time;
  },
};
