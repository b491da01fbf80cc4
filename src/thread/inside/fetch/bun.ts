/**
 * Replaces what Bun does on its HTTP thread, which is in the home namespace whatever thread asks.
 *
 * @module
 */

import process from "node:process";
import { argumentError } from "../../../fetch/request_url.ts";
import { ConnectionPool } from "./connection.ts";
import { notContained } from "./errors.ts";
import { containedFetch, type NativeFetch } from "./fetch.ts";
import { type FetchInit, s3Refusal, type SessionSettings } from "./request.ts";

interface Spy {
  mockImplementation(implementation: (...args: unknown[]) => unknown): void;
  mockClear(): void;
}

interface BunObject {
  fetch: (...args: unknown[]) => Promise<Response>;
  FetchSession: unknown;
  S3Client: unknown;
  s3: unknown;
  file: (...args: unknown[]) => unknown;
  write: (...args: unknown[]) => unknown;
  jest(path: string): { spyOn(object: object, name: string): Spy };
}

const sessions = new WeakMap<object, SessionSettings>();

/** Contains everything of Bun that goes over its HTTP thread. */
export function containBun(): void {
  const scope = globalThis as unknown as { Bun: BunObject; fetch: unknown; ShadowRealm: unknown };
  const { Bun } = scope;
  const native = scope.fetch as NativeFetch;
  const fetch = createFetch(native);
  scope.fetch = fetch;
  replaceBunFetch(Bun, fetch);
  Bun.FetchSession = sessionClass(native);
  containS3(Bun);
  // A realm has a fetch of its own.
  scope.ShadowRealm = class ShadowRealm {
    constructor() {
      throw notContained("a ShadowRealm", "use node:vm, whose contexts have no fetch");
    }
  };
}

function createFetch(native: NativeFetch): (...args: unknown[]) => Promise<Response> {
  const names = {
    fetch: async (...args: unknown[]) => {
      const session = (args[1] as FetchInit | null | undefined)?.session;
      return await containedFetch(native, args, session && sessions.get(session));
    },
  };
  Object.defineProperty(names.fetch, "length", { value: 1 });
  return Object.assign(names.fetch, { preconnect() {} });
}

/**
 * Replaces `Bun.fetch`, on which Bun's own `undici` and `node-fetch` are built. It can be neither
 * assigned nor defined; the spies of Bun's test framework replace it all the same, in this thread.
 */
function replaceBunFetch(Bun: BunObject, fetch: BunObject["fetch"]): void {
  const native = Bun.fetch;
  try {
    const spy = Bun.jest("/").spyOn(Bun, "fetch");
    spy.mockImplementation((...args) => {
      queueMicrotask(() => spy.mockClear()); // It would keep the arguments of every call.
      return fetch(...args);
    });
  } catch {
    // Told below.
  }
  if (Bun.fetch !== native) return;
  process.emitWarning(
    "Bun.fetch cannot be replaced in this version of Bun, and sends requests from the home " +
      "namespace; use the global fetch",
    { type: "NetNSWarning", code: "NETNS_NOT_CONTAINED" },
  );
}

function sessionClass(native: NativeFetch): unknown {
  return class FetchSession {
    readonly #settings: SessionSettings;
    readonly fetch: (...args: unknown[]) => Promise<Response>;

    constructor(init: Partial<SessionSettings> | null = {}) {
      const { tls, unix, proxy, keepAlive } = init ?? {};
      const isNone = proxy === undefined || proxy === null || proxy === "" || proxy === false;
      if (!isNone && typeof proxy !== "string" && !(proxy instanceof URL) && !hasUrl(proxy)) {
        throw argumentError("ERR_INVALID_ARG_TYPE", "proxy must be a string, a URL or an object");
      }
      const pool = new ConnectionPool();
      this.#settings = { tls, unix, proxy: proxy === "" ? undefined : proxy, keepAlive, pool };
      sessions.set(this, this.#settings);
      this.fetch = (...args) => containedFetch(native, args, this.#settings);
    }

    close(): void {
      this.#settings.pool.close();
    }

    [Symbol.dispose](): void {
      this.close();
    }
  };
}

function hasUrl(proxy: unknown): boolean {
  return typeof proxy === "object" && proxy !== null && "url" in proxy;
}

function containS3(Bun: BunObject): void {
  const refuse = (): never => {
    throw s3Refusal();
  };
  const S3Client = class S3Client {
    constructor() {
      refuse();
    }
  };
  for (
    const name of ["delete", "exists", "file", "list", "presign", "size", "stat", "unlink", "write"]
  ) {
    Object.defineProperty(S3Client, name, { value: refuse, configurable: true });
  }
  Bun.S3Client = S3Client;
  Bun.s3 = new Proxy(function s3() {}, {
    apply: refuse,
    get: (target, key) => typeof key === "symbol" ? Reflect.get(target, key) : refuse,
  });
  const { file, write } = Bun;
  Bun.file = (...args) => isS3(args[0]) ? refuse() : file.apply(Bun, args);
  Bun.write = (...args) => isS3(args[0]) ? Promise.reject(s3Refusal()) : write.apply(Bun, args);
}

function isS3(path: unknown): boolean {
  return (typeof path === "string" || path instanceof URL) && /^s3:/i.test(String(path));
}
