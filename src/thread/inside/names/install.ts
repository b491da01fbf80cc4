/**
 * Makes every look-up of a namespace thread act inside.
 *
 * @module
 */

import dns from "node:dns";
import { promisify } from "node:util";
import type { NameConfiguration } from "../../../dns/configuration.ts";
import { containBunNames } from "./bun.ts";
import { explainUnreachable } from "./lookup_error.ts";
import { type Lookup, type LookupPromise, makeLookups } from "./lookup.ts";
import {
  type LookupService,
  type LookupServicePromise,
  makeServiceLookups,
} from "./lookup_service.ts";
import { mountOwnFiles } from "./own_files.ts";
import { NameResolver } from "./resolver.ts";

/** Prepares the calling thread; to be called before it uses anything of the network. */
export function installNames(
  configuration: NameConfiguration,
  library: string | undefined,
  base: string,
): void {
  mountOwnFiles(configuration.files, library, base);
  if ("Deno" in globalThis) explainFailures(configuration);
  else replaceLookups(configuration, base);
}

/**
 * Node and Bun look names up on threads that all of the process shares, and that are at home; all
 * that connects by name goes through these functions.
 */
function replaceLookups(configuration: NameConfiguration, base: string): void {
  const resolver = new NameResolver(configuration);
  const { lookup, lookupPromise } = makeLookups(resolver, {
    lookup: dns.lookup as Lookup,
    lookupPromise: dns.promises.lookup as LookupPromise,
  });
  const { lookupService, lookupServicePromise } = makeServiceLookups(resolver, {
    lookupService: dns.lookupService as LookupService,
    lookupServicePromise: dns.promises.lookupService as LookupServicePromise,
  });
  Object.assign(dns, { lookup, lookupService });
  Object.assign(dns.promises, { lookup: lookupPromise, lookupService: lookupServicePromise });
  useServers(configuration.servers);
  if ("Bun" in globalThis) containBunNames(resolver, lookupPromise, base);
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
    [promisify.custom]: { value: dns.promises.lookup, configurable: true },
  });
  Object.assign(dns, { lookup: explained });
}
