/**
 * What the web servers answer: HTTP and WebSocket, with and without TLS.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import crypto from "node:crypto";
import type http from "node:http";
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { answerAt, type Side } from "./places.ts";

/** Answers requests: /redirect to elsewhere, /stream in pieces, /events as they are, a module. */
export function answerRequest(
  side: Side,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const answer = answerAt(side, request.socket.localAddress);
  const path = new URL(request.url!, "http://who.test").pathname;
  request.resume().on("end", () => {
    switch (path) {
      case "/redirect":
        response.writeHead(302, { Location: "/" }).end("not yet");
        break;
      case "/stream":
        response.write(answer.slice(0, 1));
        setTimeout(() => response.end(answer.slice(1)), 20);
        break;
      case "/events":
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        response.write(`data: ${answer}\n\n`);
        break;
      case "/module":
        response.writeHead(200, { "Content-Type": "text/javascript" });
        response.end(`export default ${JSON.stringify(answer)};`);
        break;
      default:
        response.end(answer);
    }
  });
}

/** Opens a WebSocket and sends the answer as its first message. */
export function answerUpgrade(side: Side, request: http.IncomingMessage, stream: Duplex): void {
  const socket = stream as Socket;
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = crypto.createHash("sha1").update(key).digest("base64");
  const answer = answerAt(side, socket.localAddress);
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.write(Buffer.concat([Buffer.from([0x81, answer.length]), Buffer.from(answer)]));
  socket.on("data", () => socket.end()).on("error", () => {});
}
