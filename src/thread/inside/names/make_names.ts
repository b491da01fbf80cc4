/**
 * The look-ups of a namespace thread, which are made when the first name is looked up.
 *
 * @module
 */

import type dns from "node:dns";
import type { NameConfiguration } from "../../../dns/configuration.ts";
import { type Lookups, makeLookups } from "./lookup.ts";
import { makeServiceLookups, type ServiceLookups } from "./lookup_service.ts";
import { NameResolver } from "./resolver.ts";

/** What the runtime has of its own. */
export interface OwnNames extends Lookups, ServiceLookups {
  Resolver: typeof dns.promises.Resolver;
}

/** The look-ups, and what they ask. */
export interface Names extends Lookups, ServiceLookups {
  resolver: NameResolver;
}

/** Makes them. */
export function makeNames(configuration: NameConfiguration, own: OwnNames): Names {
  const resolver = new NameResolver(configuration, own.Resolver);
  return { resolver, ...makeLookups(resolver, own), ...makeServiceLookups(resolver, own) };
}
