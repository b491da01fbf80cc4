/**
 * Bun's own functions that look names up on threads which all of the process shares.
 *
 * @module
 */

import type { LookupAddress } from "node:dns";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import process from "node:process";
import { NetNSError } from "../../../errors.ts";
import { put } from "../../put.ts";
import { defineLate } from "../define_late.ts";
import { connect, lookupAll, type OwnConnect } from "./bun_connect.ts";
import { makeWebSocket, type WebSocketClass } from "./bun_websocket.ts";
import { isName, nameNotContained } from "./host_name.ts";
import type { LookupPromise } from "./lookup.ts";
import type { Names } from "./make_names.ts";

type Constructor = new (...args: unknown[]) => object;

interface SqlClient {
  options?: { hostname?: string };
}

/** What is replaced. */
interface BunNames {
  connect: OwnConnect;
  dns: {
    lookup(hostname: string, options?: object): Promise<unknown>;
    prefetch(hostname: string, port?: number): void;
  };
  RedisClient: Constructor;
  SQL: Constructor;
  redis: unknown;
  sql: unknown;
  postgres: unknown;
}

/** Replaces them; for what cannot be made to act inside by a name, there is an error. */
export function containBunNames(
  names: () => Names,
  lookup: LookupPromise,
  base: string,
): void {
  const { Bun } = globalThis as unknown as { Bun: BunNames };
  const addressesOf = async (hostname: string) =>
    await lookup(hostname, { all: true }) as LookupAddress[];

  const own = { connect: Bun.connect, lookup: Bun.dns.lookup };
  Bun.connect = (options) => connect(own.connect, addressesOf, options);
  Bun.dns.lookup = async function lookup(hostname, options) {
    if (!isName(hostname)) return await own.lookup(hostname, options);
    await own.lookup("127.0.0.1", options); // Checks the options.
    const { family } = options as { family?: number } ?? {};
    const found = await lookupAll(names().resolver, hostname, family);
    return found.map((address) => ({ ...address, ttl: 0 }));
  };
  // It would only fill a cache from which nothing is taken inside.
  Bun.dns.prefetch = function prefetch() {};

  const { WebSocket } = globalThis as unknown as { WebSocket: WebSocketClass };
  defineLate(globalThis, "WebSocket", () => makeWebSocket(WebSocket, addressesOf));
  refuseNames(Bun);
  refuseNamesInPackage(base);
}

/** Clients that open their sockets themselves, by a name that they look up at home. */
function refuseNames(Bun: BunNames): void {
  const { RedisClient } = Bun;
  // Neither connects before its first use.
  Bun.RedisClient = new Proxy(RedisClient, {
    construct(target, args, newTarget) {
      refuseName("Bun.RedisClient", hostnameOf(args[0] ?? firstVariable(REDIS_VARIABLES)));
      return Reflect.construct(target, args, newTarget);
    },
  });
  Bun.SQL = checkedSql(Bun);
  // The clients that are made already, when the environment names a server.
  if (firstVariable(REDIS_VARIABLES)) {
    replaceWhenRefused(Bun, ["redis"], () => new Bun.RedisClient());
  }
  if (firstVariable(SQL_VARIABLES)) {
    replaceWhenRefused(Bun, ["sql", "postgres"], () => new Bun.SQL());
  }
}

/**
 * `Bun.SQL` with a check of the name. It cannot be subclassed, and loading it takes as long as half
 * of all else that a thread does at its start: so this stands for it without having read it, and
 * gets it from a client later. A function that is bound has no properties that it could not hide.
 */
function checkedSql(Bun: BunNames): Constructor {
  let loaded: Constructor | undefined;
  const own = () => loaded ??= ownSql(Bun);
  const checked = (client: SqlClient) => {
    refuseName("Bun.SQL", client.options?.hostname);
    return client;
  };
  return new Proxy(function SQL() {}.bind(undefined) as unknown as Constructor, {
    apply: (_, self, args) =>
      checked(Reflect.apply(own() as unknown as () => SqlClient, self, args)),
    construct: (_, args) => checked(Reflect.construct(own(), args) as SqlClient),
    get: (_, key) => Reflect.get(own(), key) as unknown,
    has: (_, key) => Reflect.has(own(), key),
  });
}

function ownSql({ sql }: BunNames): Constructor {
  const { constructor } = Object.getPrototypeOf(sql) as { constructor: Constructor };
  if (constructor.name === "SQL") return constructor;
  throw new NetNSError("Cannot use Bun.SQL inside a network namespace in this version of Bun", {
    code: "ERR_NETNS_NOT_CONTAINED",
  });
}

/**
 * Bun has a `ws` of its own in place of the package, which cannot be exchanged, and does not show
 * its options; but it is an EventEmitter that keeps the URL in a property before it connects.
 */
function refuseNamesInPackage(base: string): void {
  let Package: Constructor | undefined;
  const isOfPackage = (emitter: object) =>
    emitter instanceof (Package ??= createRequire(base)("ws") as Constructor);
  Object.defineProperty(EventEmitter.prototype, "_url", {
    get: () => undefined,
    set(this: object, url: string) {
      if (isOfPackage(this)) refuseName("ws", hostnameOf(url));
      put(this, "_url", url);
    },
    configurable: true,
  });
}

const REDIS_VARIABLES = ["REDIS_URL", "VALKEY_URL"];
const SQL_VARIABLES = [
  ...["DATABASE_URL", "POSTGRES_URL", "PGURL", "PG_URL", "MYSQL_URL", "MARIADB_URL", "PGHOST"],
  ...["TLS_DATABASE_URL", "TLS_POSTGRES_DATABASE_URL", "TLS_MYSQL_DATABASE_URL", "MYSQL_HOST"],
];

function firstVariable(names: readonly string[]): string | undefined {
  return names.map((name) => process.env[name]).find((value) => value);
}

function replaceWhenRefused(
  Bun: BunNames,
  names: readonly ("redis" | "sql" | "postgres")[],
  make: () => unknown,
): void {
  try {
    make();
  } catch (error) {
    const refuse = () => {
      throw error;
    };
    for (const name of names) Bun[name] = new Proxy(refuse, { get: refuse });
  }
}

function hostnameOf(url: unknown): string | undefined {
  return URL.canParse(String(url)) ? new URL(String(url)).hostname : undefined;
}

function refuseName(api: string, hostname: string | undefined): void {
  if (isName(hostname) && hostname !== "localhost") throw nameNotContained(api, hostname);
}
