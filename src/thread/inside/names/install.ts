/**
 * Makes every look-up of a namespace thread act inside.
 *
 * @module
 */

import dns from "node:dns";
import type { NameConfiguration } from "../../../dns/configuration.ts";
import { promisifyCustom } from "../promisify_custom.ts";
import { containBunNames } from "./bun.ts";
import type { Lookup, LookupPromise } from "./lookup.ts";
import { explainUnreachable } from "./lookup_error.ts";
import type { LookupService, LookupServicePromise } from "./lookup_service.ts";
import { makeNames, type Names } from "./make_names.ts";
import { mountOwnFiles } from "./own_files.ts";

/** Prepares the calling thread; to be called before it uses anything of the network. */
export function installNames(
  configuration: NameConfiguration,
  library: string | undefined,
  base: string,
): void {
  const { files } = configuration;
  if (Object.keys(files).length > 0) mountOwnFiles(files, library, base);
  if ("Deno" in globalThis) explainFailures(configuration);
  else replaceLookups(configuration, base);
}

/**
 * Node and Bun look names up on threads that all of the process shares, and that are at home; all
 * that connects by name goes through these functions.
 */
function replaceLookups(configuration: NameConfiguration, base: string): void {
  const own = {
    lookup: dns.lookup as Lookup,
    lookupPromise: dns.promises.lookup as LookupPromise,
    lookupService: dns.lookupService as LookupService,
    lookupServicePromise: dns.promises.lookupService as LookupServicePromise,
    Resolver: dns.promises.Resolver,
  };
  let made: Names | undefined;
  const names = () => made ??= makeNames(configuration, own);
  const promises = {
    lookup: named("lookup", 2, (...args: Parameters<LookupPromise>) => {
      return names().lookupPromise(...args);
    }),
    lookupService: named("lookupService", 2, (...args: Parameters<LookupServicePromise>) => {
      return names().lookupServicePromise(...args);
    }),
  };
  const lookup = named("lookup", 3, (...args: Parameters<Lookup>) => names().lookup(...args));
  const lookupService = named("lookupService", 3, (...args: Parameters<LookupService>) => {
    return names().lookupService(...args);
  });
  for (
    const [callback, promise] of [
      [lookup, promises.lookup],
      [lookupService, promises.lookupService],
    ]
  ) {
    Object.defineProperty(callback, promisifyCustom, { value: promise, configurable: true });
  }
  Object.assign(dns, { lookup, lookupService });
  Object.assign(dns.promises, promises);
  // Those of the host are the ones that c-ares reads itself, when it is used.
  if (!configuration.hostServers) useServers(configuration.servers);
  if ("Bun" in globalThis) containBunNames(names, promises.lookup, base);
}

function named<Fn extends object>(name: string, length: number, fn: Fn): Fn {
  return Object.defineProperties(fn, {
    name: { value: name, configurable: true },
    length: { value: length, configurable: true },
  });
}

/** Lets `dns.resolve*` ask the servers of the namespace; resolv.conf cannot say their ports. */
function useServers(servers: readonly string[]): void {
  // These are in the file that c-ares reads, and only from there it takes their zones.
  if (servers.some((server) => server.includes("%"))) return;
  dns.setServers(servers);
  const { Resolver } = dns;
  const { Resolver: PromiseResolver } = dns.promises;
  dns.Resolver = class extends Resolver {
    constructor(options?: dns.ResolverOptions) {
      super(options);
      this.setServers(servers);
    }
  };
  dns.promises.Resolver = class extends PromiseResolver {
    constructor(options?: dns.ResolverOptions) {
      super(options);
      this.setServers(servers);
    }
  };
  for (const made of [dns.Resolver, dns.promises.Resolver]) {
    Object.defineProperty(made, "name", { value: "Resolver", configurable: true });
  }
}

/**
 * Threads of Deno look names up on threads of their own, which are born inside, by getaddrinfo(3),
 * which reads the files that are mounted.
 */
function explainFailures(configuration: NameConfiguration): void {
  const explain = (error: unknown) => explainUnreachable(error, configuration);
  const lookup = dns.lookup as Lookup;
  const lookupPromise = dns.promises.lookup as LookupPromise;
  Object.assign(dns.promises, {
    async lookup(...args: Parameters<LookupPromise>) {
      try {
        return await lookupPromise(...args);
      } catch (error) {
        throw explain(error);
      }
    },
  });
  function explained(...args: Parameters<Lookup>): unknown {
    const last = args.length - 1;
    const callback = args[last];
    if (typeof callback !== "function") return lookup(...args);
    args[last] = (error, ...result) => callback(explain(error) as Error | null, ...result);
    return lookup(...args);
  }
  Object.defineProperties(explained, {
    name: { value: "lookup", configurable: true },
    length: { value: lookup.length, configurable: true },
    [promisifyCustom]: { value: dns.promises.lookup, configurable: true },
  });
  Object.assign(dns, { lookup: explained });
}
