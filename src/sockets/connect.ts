/**
 * Connections from inside a namespace, on the event loop of the caller.
 *
 * A runtime has no public way to finish a connection that it did not begin. So the kernel begins it
 * here, the socket counts as `connecting`, which makes every runtime hold back reads and writes,
 * and a timer asks the kernel until it is done.
 *
 * @module
 */

import net from "node:net";
import { constants } from "node:os";
import { addAbortSignal } from "node:stream";
import { POLLOUT, SO_ERROR, SOCK_STREAM, SOL_SOCKET } from "../../ffi/constants.ts";
import { pollfd } from "../../ffi/structs.ts";
import { checkOptions, checkSignal, checkTimeout, wrongType } from "../check.ts";
import { errnoName } from "../errors.ts";
import { libc } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { abstractAddress, checkPort, ipAddress, type SocketAddress } from "./address.ts";
import { closeOnError, createSocket } from "./socket.ts";

const { EINPROGRESS, EINTR, ETIMEDOUT } = constants.errno;

/** Where a connection from inside a namespace goes: `port`, or `path`. */
export interface ConnectOptions {
  /** TCP port. */
  port?: number | undefined;
  /**
   * IP address, or `"localhost"` for 127.0.0.1.
   *
   * @default {"127.0.0.1"}
   */
  host?: string | undefined;
  /** Abstract Unix socket: a NUL and a name of up to 107 bytes. See unix(7). */
  path?: string | undefined;
  /** Destroys the socket with an `AbortError`, also when it is connected. */
  signal?: AbortSignal | undefined;
  /** Destroys the socket with `ETIMEDOUT` when it is not connected after so many ms. */
  timeout?: number | undefined;
}

/** A socket as this module has to see it: it decides when the socket is connected. */
type Connecting = Omit<net.Socket, "connecting"> & { connecting: boolean };

/** Makes a socket inside and connects it: the socket emits `connect`, or `error`, later. */
export function connectInside(namespace: Namespace, options: ConnectOptions): net.Socket {
  const address = checkConnectOptions(options);
  const { signal, timeout } = options;
  if (signal?.aborted) return addAbortSignal(signal, new net.Socket());

  const fd = createSocket(namespace, address.family, SOCK_STREAM);
  const socket = closeOnError(fd, () => {
    const result = libc().connect(fd, address.bytes, address.bytes.byteLength);
    if (result < 0 && !pending.has(-result)) return refused(fd, address, result);
    return follow(fd, address, timeout);
  });
  return signal ? addAbortSignal(signal, socket) : socket;
}

/** What connect(2) says of a connection that goes on being made. */
const pending: ReadonlySet<number> = new Set([EINPROGRESS, EINTR]);

function checkConnectOptions(options: ConnectOptions): SocketAddress {
  if (options === undefined) throw wrongType("options", "an object", options);
  checkOptions("options", options, ["port", "host", "path", "signal", "timeout"]);
  checkSignal("options.signal", options.signal);
  checkTimeout("options.timeout", options.timeout);
  const { path, port, host } = options;
  if (path === undefined) return ipAddress(host ?? "127.0.0.1", checkPort(port, 1));
  if (port === undefined && host === undefined) return abstractAddress(path);
  throw new TypeError("options.path excludes options.port and options.host");
}

/** The socket of a connection that failed at once. */
function refused(fd: number, address: SocketAddress, result: number): net.Socket {
  libc().close(fd);
  return new net.Socket().destroy(connectError(address, result));
}

/** The socket of a connection that is being made. */
function follow(fd: number, address: SocketAddress, timeout: number | undefined): net.Socket {
  const adoption = "Bun" in globalThis ? adoptOnceConnected(fd) : adoptAtOnce(fd);
  const { socket } = adoption;
  socket.connecting = true;

  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = timeout === undefined ? Infinity : performance.now() + timeout;
  const stop = () => {
    clearTimeout(timer);
    adoption.abandon();
  };
  const check = (delay: number) => {
    if (socket.destroyed) return stop();
    const result = connectResult(fd);
    if (result === 0) {
      socket.removeListener("close", stop);
      adoption.connected();
    } else if (result !== undefined) {
      socket.destroy(connectError(address, result));
    } else if (performance.now() >= deadline) {
      socket.destroy(connectError(address, -ETIMEDOUT));
    } else {
      const left = deadline - performance.now();
      timer = setTimeout(check, Math.min(delay, left), Math.min(2 * delay, 10));
    }
  };
  socket.once("close", stop);
  timer = setTimeout(check, 0, 1);
  return socket as net.Socket;
}

/** 0 when connected, `-errno` when failed, `undefined` while neither. Clears the error. */
function connectResult(fd: number): number | undefined {
  if (libc().poll(pollfd(fd, POLLOUT), 1, 0) <= 0) return undefined;
  const value = new Uint8Array(new ArrayBuffer(4));
  const length = new Uint8Array(new ArrayBuffer(4));
  length[0] = value.byteLength;
  const result = libc().getsockopt(fd, SOL_SOCKET, SO_ERROR, value, length);
  return result < 0 ? result : 0 - new DataView(value.buffer).getInt32(0, true);
}

/** How a runtime takes a connecting descriptor over. */
interface Adoption {
  socket: Connecting;
  /** Lets reads and writes go. */
  connected(): void;
  /** Closes the descriptor, where the socket does not own it. */
  abandon(): void;
}

/** Node and Deno: the socket owns the descriptor from the beginning, and leaves it alone. */
function adoptAtOnce(fd: number): Adoption {
  const options: net.SocketConstructorOpts & { manualStart: boolean } = {
    fd,
    readable: true,
    writable: true,
    manualStart: true,
  };
  const socket = new net.Socket(options) as Connecting;
  return {
    socket,
    connected() {
      // As net.connect() does.
      socket.connecting = false;
      socket.emit("connect");
      socket.emit("ready");
      if (!socket.destroyed && !socket.isPaused()) socket.read(0);
    },
    abandon() {},
  };
}

/** Bun, which takes connected descriptors only. */
function adoptOnceConnected(fd: number): Adoption {
  const socket = new net.Socket() as Connecting;
  let own = true;
  return {
    socket,
    connected() {
      own = false;
      const options: Partial<net.TcpSocketConnectOpts> & { fd: number } = { fd };
      socket.connect(options as net.TcpSocketConnectOpts);
    },
    abandon() {
      if (own) libc().close(fd);
      own = false;
    },
  };
}

/** The error that net.connect() would give. */
function connectError({ address, port }: SocketAddress, result: number): Error {
  const code = errnoName(result);
  const at = port === undefined ? address : `${address}:${port}`;
  const error = new Error(`connect ${code} ${at}`);
  const details = { errno: result, code, syscall: "connect", address };
  return Object.assign(error, details, port === undefined ? {} : { port });
}
