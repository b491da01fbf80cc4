/**
 * Sockets of Deno.
 *
 * @module
 */

import type { Sockets } from "./types.ts";

/** By `Deno.listen` and `Deno.connect`. */
export const denoSockets: Sockets = {
  // deno-lint-ignore require-await
  async serve() {
    const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const answer = async (connection: Deno.Conn) => {
      const buffer = new Uint8Array(65536);
      while (await connection.read(buffer) !== null);
      await connection.write(new Uint8Array(1));
      connection.close();
    };
    void (async () => {
      for await (const connection of listener) void answer(connection);
    })();
    return (listener.addr as Deno.NetAddr).port;
  },
  async send(host, port, size) {
    const chunk = new Uint8Array(65536);
    const connection = await Deno.connect({ hostname: host, port });
    const start = performance.now();
    for (let left = size; left > 0;) left -= await connection.write(chunk);
    await connection.closeWrite();
    await connection.read(new Uint8Array(1));
    const time = (performance.now() - start) * 1e6;
    connection.close();
    return time;
  },
};
