/**
 * Servers of databases: just enough of each protocol to say on which side they are.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import net from "node:net";
import { answerAt, type Side } from "./places.ts";

/** Answers each command of Redis with a string. */
export function redisServer(side: Side): net.Server {
  return net.createServer((socket) => {
    socket.on("data", (data) => {
      const commands = data.toString().match(/^\*\d+\r\n\$\d+\r\n[A-Za-z]+/gm) ?? [];
      for (const command of commands) {
        const isHello = command.endsWith("HELLO");
        const answer = answerAt(side, socket.localAddress);
        socket.write(isHello ? "%1\r\n+server\r\n+redis\r\n" : `+${answer}\r\n`);
      }
    }).on("error", () => {});
  });
}

/** Refuses each client of PostgreSQL with an error that has the answer as its message. */
export function postgresServer(side: Side): net.Server {
  const SSL_REQUEST = 80877103;
  return net.createServer((socket) => {
    socket.on("data", (data) => {
      if (data.length === 8 && data.readUInt32BE(4) === SSL_REQUEST) {
        socket.write("N");
        return;
      }
      const message = answerAt(side, socket.localAddress);
      const fields = Buffer.from(`SFATAL\0VFATAL\0C28000\0M${message}\0\0`);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(4 + fields.length);
      socket.end(Buffer.concat([Buffer.from("E"), length, fields]));
    }).on("error", () => {});
  });
}

/** Refuses each client of MySQL, likewise. */
export function mysqlServer(side: Side): net.Server {
  return net.createServer((socket) => {
    const message = answerAt(side, socket.localAddress);
    const packet = Buffer.concat([
      Buffer.from([0xff, 0x15, 0x04]),
      Buffer.from(`#28000${message}`),
    ]);
    socket.end(Buffer.concat([Buffer.from([packet.length, 0, 0, 0]), packet]));
    socket.on("error", () => {});
  });
}
