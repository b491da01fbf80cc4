/**
 * A `WebSocket` for Bun whose server is looked up inside. Bun's own takes the address, the `Host`
 * header and the name for TLS apart from each other; but it has to be made after the look-up, so
 * there is an object that stands for it.
 *
 * @module
 */

import type { LookupAddress } from "node:dns";
import { isName, nameNotContained } from "./host_name.ts";

/** Options of Bun's WebSocket. */
interface Options {
  headers?: Record<string, string>;
  tls?: boolean | Record<string, unknown>;
  protocols?: string | string[];
  protocol?: string;
}

/** Bun's WebSocket, as far as it matters here. */
interface OwnWebSocket extends EventTarget {
  readonly url: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly protocol: string;
  readonly extensions: string;
  binaryType: string;
  send(data: unknown, ...rest: unknown[]): unknown;
  close(code?: number, reason?: string): void;
  terminate(): void;
  ping(data?: unknown): unknown;
  pong(data?: unknown): unknown;
}

/** The class of it. */
export type WebSocketClass = new (url: string, options?: unknown) => OwnWebSocket;

type Handler = ((event: Event) => unknown) | null;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

const eventTypes = ["open", "message", "error", "close", "ping", "pong"] as const;

/** Makes the class; connections to IP addresses are Bun's own. */
export function makeWebSocket(
  Own: WebSocketClass,
  addressesOf: (hostname: string) => Promise<LookupAddress[]>,
): WebSocketClass {
  class WebSocket extends EventTarget {
    static readonly CONNECTING = CONNECTING;
    static readonly OPEN = OPEN;
    static readonly CLOSING = CLOSING;
    static readonly CLOSED = CLOSED;
    readonly url!: string;
    readonly #handlers = new Map<string, Handler>();
    #binaryType = "nodebuffer";
    #socket: OwnWebSocket | undefined;
    #closed: typeof CLOSING | typeof CLOSED | undefined;

    constructor(url: string | URL, options?: unknown) {
      const parsed = URL.canParse(String(url)) ? new URL(String(url)) : undefined;
      const proxy = proxyOf(options);
      if (isName(proxy)) throw nameNotContained("WebSocket", proxy);
      // A proxy is given the name, and looks it up itself.
      if (proxy !== undefined || !isName(parsed?.hostname)) {
        return new Own(url as string, options) as unknown as WebSocket;
      }
      super();
      if (!/^(ws|wss|http|https):$/.test(parsed!.protocol)) new Own(url as string, options);
      this.url = parsed!.href;
      this.#connect(parsed!, toOptions(options));
    }

    get readyState(): number {
      return this.#closed === CLOSED ? CLOSED : this.#socket?.readyState ?? this.#closed ?? 0;
    }

    get bufferedAmount(): number {
      return this.#socket?.bufferedAmount ?? 0;
    }

    get protocol(): string {
      return this.#socket?.protocol ?? "";
    }

    get extensions(): string {
      return this.#socket?.extensions ?? "";
    }

    get binaryType(): string {
      return this.#socket?.binaryType ?? this.#binaryType;
    }

    set binaryType(value: string) {
      this.#binaryType = value;
      if (this.#socket) this.#socket.binaryType = value;
    }

    send(...args: [unknown, ...unknown[]]): unknown {
      return this.#opened().send(...args);
    }

    ping(data?: unknown): unknown {
      return this.#opened().ping(data);
    }

    pong(data?: unknown): unknown {
      return this.#opened().pong(data);
    }

    close(code?: number, reason?: string): void {
      if (this.#socket) this.#socket.close(code, reason);
      else this.#closed ??= CLOSING;
    }

    terminate(): void {
      if (this.#socket) this.#socket.terminate();
      else this.#closed ??= CLOSING;
    }

    async #connect(url: URL, options: Options): Promise<void> {
      try {
        const [first] = await addressesOf(url.hostname);
        if (this.#closed) return this.#fail("WebSocket is closed before it is connected");
        this.#adopt(open(Own, url, first!, options));
      } catch (error) {
        this.#fail(
          `WebSocket connection to '${url.href}' failed: ${(error as Error).message}`,
          error,
        );
      }
    }

    #adopt(socket: OwnWebSocket): void {
      this.#socket = socket;
      if (this.#binaryType !== "nodebuffer") socket.binaryType = this.#binaryType;
      for (const type of eventTypes) {
        socket.addEventListener(type, (event) => this.dispatchEvent(copyOf(event)));
      }
    }

    #opened(): OwnWebSocket {
      if (this.#socket) return this.#socket;
      throw new DOMException("WebSocket is not open", "InvalidStateError");
    }

    #fail(message: string, error?: unknown): void {
      this.#closed = CLOSED;
      this.dispatchEvent(new ErrorEvent("error", { message, error }));
      this.dispatchEvent(
        new CloseEvent("close", { code: 1006, reason: "Failed to connect", wasClean: false }),
      );
    }

    /** The function that an `on` property holds is one listener, in the place of the first one. */
    handler(type: string): Handler {
      return this.#handlers.get(type) ?? null;
    }

    setHandler(type: string, handler: unknown): void {
      if (!this.#handlers.has(type)) {
        this.addEventListener(type, (event) => this.#handlers.get(type)?.call(this, event));
      }
      this.#handlers.set(type, typeof handler === "function" ? handler as Handler : null);
    }
  }

  const { handler, setHandler } = WebSocket.prototype;
  Reflect.deleteProperty(WebSocket.prototype, "handler");
  Reflect.deleteProperty(WebSocket.prototype, "setHandler");
  for (const type of ["open", "message", "error", "close"]) {
    Object.defineProperty(WebSocket.prototype, `on${type}`, {
      get: function (this: WebSocket) {
        return handler.call(this, type);
      },
      set: function (this: WebSocket, value: unknown) {
        setHandler.call(this, type, value);
      },
      configurable: true,
      enumerable: true,
    });
  }
  Object.assign(WebSocket.prototype, { CONNECTING, OPEN, CLOSING, CLOSED });
  const isOwn = (value: unknown) =>
    Function.prototype[Symbol.hasInstance].call(WebSocket, value) || value instanceof Own;
  Object.defineProperty(WebSocket, Symbol.hasInstance, { value: isOwn, configurable: true });
  return WebSocket as unknown as WebSocketClass;
}

function toOptions(options: unknown): Options {
  if (typeof options === "string" || Array.isArray(options)) return { protocols: options };
  return { ...options as Options | undefined };
}

/** The host of the proxy that the options name. */
function proxyOf(options: unknown): string | undefined {
  const { proxy } = options as { proxy?: string | { url?: string } } ?? {};
  const url = String(typeof proxy === "object" ? proxy?.url : proxy);
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Connects to an address as if to the name. */
function open(
  Own: WebSocketClass,
  url: URL,
  { address, family }: LookupAddress,
  options: Options,
): OwnWebSocket {
  const target = new URL(url);
  target.hostname = family === 6 ? `[${address}]` : address;
  const tls = typeof options.tls === "object" ? options.tls : {};
  const hasHost = Object.keys(options.headers ?? {}).some((name) => /^host$/i.test(name));
  return new Own(target.href, {
    ...options,
    headers: { ...(hasHost ? {} : { Host: url.host }), ...options.headers },
    ...(/^(wss|https):$/.test(url.protocol) && { tls: { serverName: url.hostname, ...tls } }),
  });
}

/** An event cannot be dispatched twice. */
function copyOf(event: Event): Event {
  switch (event.type) {
    case "message":
    case "ping":
    case "pong":
      return new MessageEvent(event.type, { data: (event as MessageEvent).data });
    case "close": {
      const { code, reason, wasClean } = event as CloseEvent;
      return new CloseEvent("close", { code, reason, wasClean });
    }
    case "error": {
      const { message, error } = event as ErrorEvent;
      return new ErrorEvent("error", { message, error });
    }
    default:
      return new Event(event.type);
  }
}
