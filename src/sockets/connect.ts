/**
 * Connections from inside a namespace, on the event loop of the caller.
 *
 * A runtime has no public way to finish a connection that it did not begin. So the kernel begins it
 * here, the socket counts as `connecting`, which makes every runtime hold back reads and writes,
 * and a timer asks the kernel until it is done.
 *
 * @module
 */

import type net from "node:net";
import { builtin } from "../../ffi/builtin.ts";
import { POLLOUT, SO_ERROR, SOCK_STREAM, SOL_SOCKET } from "../../ffi/constants.ts";
import { pollfd } from "../../ffi/structs.ts";
import { checkOptions, checkSignal, checkTimeout, wrongType } from "../check.ts";
import { errnoName } from "../errors.ts";
import { libc } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { allowManyListeners } from "../on_abort.ts";
import { abstractAddress, checkPort, ipAddress, type SocketAddress } from "./address.ts";
import { closeOnError, createSocket } from "./socket.ts";

/** Where a connection from inside a namespace goes: `port`, or `path`. */
export interface ConnectOptions {
  /** TCP port. */
  port?: number | undefined;
  /**
   * IP address, `"localhost"` for 127.0.0.1, or a name, which is looked up inside; its addresses
   * are tried one after the other.
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

/** Looks a name up inside; gives its addresses in the order in which they are to be tried. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** Makes a socket inside and connects it: the socket emits `connect`, or `error`, later. */
export function connectInside(
  namespace: Namespace,
  options: ConnectOptions,
  lookUp: LookUp,
): net.Socket {
  const to = checkConnectOptions(options);
  const { signal, timeout } = options;
  if (signal?.aborted) return builtin.stream.addAbortSignal(signal, new builtin.net.Socket());
  const deadline = timeout === undefined ? Infinity : performance.now() + timeout;
  const socket = "family" in to
    ? connectToAddress(namespace, to, deadline)
    : connectToName(namespace, to, deadline, lookUp);
  if (signal === undefined) return socket;
  allowManyListeners(signal);
  return builtin.stream.addAbortSignal(signal, socket);
}

/** A host that has to be looked up. */
interface NamedHost {
  host: string;
  port: number;
}

function checkConnectOptions(options: ConnectOptions): SocketAddress | NamedHost {
  if (options === undefined) throw wrongType("options", "an object", options);
  checkOptions("options", options, ["port", "host", "path", "signal", "timeout"]);
  checkSignal("options.signal", options.signal);
  checkTimeout("options.timeout", options.timeout);
  const { path, host = "127.0.0.1" } = options;
  if (path === undefined) {
    const port = checkPort(options.port, 1);
    return isName(host)
      ? { host, port }
      : ipAddress(host, port, 'an IP address, "localhost" or the name of a host');
  }
  if (options.port === undefined && options.host === undefined) return abstractAddress(path);
  throw new TypeError("options.path excludes options.port and options.host");
}

/** A name, as opposed to an address, which only addresses have colons and end in a number. */
function isName(host: unknown): host is string {
  return typeof host === "string" && host !== "localhost" && builtin.net.isIP(host) === 0 &&
    /^[\p{L}\p{N}._-]{1,253}$/u.test(host) && !/^[\d.]+$/.test(host);
}

function connectToAddress(
  namespace: Namespace,
  address: SocketAddress,
  deadline: number,
): net.Socket {
  const begun = begin(namespace, address);
  if ("error" in begun) return new builtin.net.Socket().destroy(begun.error);
  const { fd } = begun;
  const adoption = closeOnError(fd, () => "Bun" in globalThis ? adoptLater() : adoptAtOnce(fd));
  const { socket } = adoption;
  socket.connecting = true;
  const own = "Bun" in globalThis;
  follow(socket, fd, address, deadline, own).then(
    (connected) => connected && adoption.connected(fd),
    (error) => socket.destroy(error),
  );
  return socket as net.Socket;
}

function connectToName(
  namespace: Namespace,
  { host, port }: NamedHost,
  deadline: number,
  lookUp: LookUp,
): net.Socket {
  const adoption = adoptLater();
  const { socket } = adoption;
  socket.connecting = true;
  const timer = deadline === Infinity ? undefined : setTimeout(() => {
    socket.destroy(connectError({ address: host, port }, timedOut()));
  }, deadline - performance.now());
  const connect = async () => {
    let failure: Error | undefined;
    for (const found of await lookUp(host)) {
      if (socket.destroyed) return;
      const address = ipAddress(found, port);
      const begun = begin(namespace, address);
      if ("error" in begun) {
        failure = begun.error;
        continue;
      }
      try {
        const connected = await follow(socket, begun.fd, address, deadline, true);
        if (connected) adoption.connected(begun.fd);
        return;
      } catch (error) {
        failure = error as Error;
      }
    }
    socket.destroy(failure);
  };
  connect().catch((error) => socket.destroy(error)).finally(() => clearTimeout(timer));
  return socket as net.Socket;
}

function timedOut(): number {
  return -builtin.os.constants.errno.ETIMEDOUT;
}

/** Lets the kernel begin a connection. */
function begin(namespace: Namespace, address: SocketAddress): { fd: number } | { error: Error } {
  const fd = createSocket(namespace, address.family, SOCK_STREAM);
  const result = closeOnError(
    fd,
    () => libc().connect(fd, address.bytes, address.bytes.byteLength),
  );
  const { EINPROGRESS, EINTR } = builtin.os.constants.errno;
  if (result >= 0 || [EINPROGRESS, EINTR].includes(-result)) return { fd };
  libc().close(fd);
  return { error: connectError(address, result) };
}

/**
 * Waits for a connection. Resolves with whether there is one still to be adopted, as opposed to a
 * socket that was destroyed meanwhile; rejects when the connection failed. When the descriptor is
 * `own` to this module, it is closed unless it is to be adopted.
 */
function follow(
  socket: Connecting,
  fd: number,
  address: SocketAddress,
  deadline: number,
  own: boolean,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(timer);
      socket.removeListener("close", stop);
    };
    const close = () => own && libc().close(fd);
    const stop = () => (end(), close(), resolve(false));
    const fail = (result: number) => (end(), close(), reject(connectError(address, result)));
    const check = (delay: number) => {
      if (socket.destroyed) return stop();
      const result = connectResult(fd);
      if (result === 0) {
        end();
        resolve(true);
      } else if (result !== undefined) {
        fail(result);
      } else if (performance.now() >= deadline) {
        fail(timedOut());
      } else {
        const left = deadline - performance.now();
        timer = setTimeout(check, Math.min(delay, left), Math.min(2 * delay, 10));
      }
    };
    socket.once("close", stop);
    timer = setTimeout(check, 0, 1);
  });
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

/** How a runtime takes a descriptor over. */
interface Adoption {
  socket: Connecting;
  /** Lets reads and writes go, on a descriptor that is connected. */
  connected(fd: number): void;
}

/** Node and Deno: the socket owns the descriptor from the beginning, and leaves it alone. */
function adoptAtOnce(fd: number): Adoption {
  const socket = socketOf(fd);
  return { socket, connected: () => announce(socket) };
}

function socketOf(fd: number): Connecting {
  const options: net.SocketConstructorOpts & { manualStart: boolean } = {
    fd,
    readable: true,
    writable: true,
    manualStart: true,
  };
  return new builtin.net.Socket(options) as Connecting;
}

/** As net.connect() does. */
function announce(socket: Connecting): void {
  socket.connecting = false;
  socket.emit("connect");
  socket.emit("ready");
  if (!socket.destroyed && !socket.isPaused()) socket.read(0);
}

/** A socket that gets its descriptor when that is connected. */
function adoptLater(): Adoption {
  const socket = new builtin.net.Socket() as Connecting;
  return {
    socket,
    connected(fd) {
      if ("Bun" in globalThis) {
        const options: Partial<net.TcpSocketConnectOpts> & { fd: number } = { fd };
        socket.connect(options as net.TcpSocketConnectOpts);
        return;
      }
      const from = socketOf(fd);
      giveHandle(from, socket);
      announce(socket);
    },
  };
}

/**
 * Moves the handle of one socket to another. Node's own way to do so, for the addresses of a name,
 * forgets that `end()` was called.
 */
function giveHandle(from: Connecting, to: Connecting): void {
  const owner = from as unknown as { _handle: Record<symbol, unknown> | null };
  const handle = owner._handle!;
  for (const key of Object.getOwnPropertySymbols(handle)) {
    if (handle[key] === from) handle[key] = to;
  }
  owner._handle = null;
  Object.assign(to, { _handle: handle });
}

/** The error that net.connect() would give. */
function connectError(
  { address, port }: Pick<SocketAddress, "address" | "port">,
  result: number,
): Error {
  const code = errnoName(result);
  const at = port === undefined ? address : `${address}:${port}`;
  const error = new Error(`connect ${code} ${at}`);
  const details = { errno: result, code, syscall: "connect", address };
  return Object.assign(error, details, port === undefined ? {} : { port });
}
