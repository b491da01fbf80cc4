/**
 * `dns.lookupService` and `dns.promises.lookupService` by a {@linkcode NameResolver}.
 *
 * @module
 */

import fs from "node:fs";
import { isIP } from "node:net";
import process from "node:process";
import { promisify } from "node:util";
import { lookupError } from "./lookup_error.ts";
import type { NameResolver } from "./resolver.ts";

interface Service {
  hostname: string;
  service: string;
}
type ServiceCallback = (error: Error | null, hostname?: string, service?: string) => void;

/** `dns.lookupService`, whatever the arguments are. */
export type LookupService = (address: string, port: number, callback: ServiceCallback) => unknown;

/** `dns.promises.lookupService`, whatever the arguments are. */
export type LookupServicePromise = (address: string, port: number) => Promise<Service>;

/** Both functions. */
export interface ServiceLookups {
  lookupService: LookupService;
  lookupServicePromise: LookupServicePromise;
}

/** Makes both functions; `own` are those of the runtime, which refuse wrong arguments. */
export function makeServiceLookups(resolver: NameResolver, own: ServiceLookups): ServiceLookups {
  async function run(address: string, port: number): Promise<Service> {
    const service = serviceName(Number(port));
    const known = resolver.hosts.nameOf(address);
    if (known !== undefined) return { hostname: known, service };
    const answer = await resolver.servers.ask("reverse", address);
    if (answer === "absent") return { hostname: address, service };
    if (typeof answer !== "string") return { hostname: answer[0]!, service };
    throw lookupError("EAI_AGAIN", address, resolver.configuration, "getnameinfo");
  }

  const lookupServicePromise: LookupServicePromise = function lookupService(address, port) {
    if (!isAddress(address) || !isPort(port)) return own.lookupServicePromise(address, port);
    return run(address, port);
  };

  function lookupService(...args: Parameters<LookupService>): unknown {
    const [address, port, callback] = args;
    if (!isAddress(address) || !isPort(port) || typeof callback !== "function") {
      return own.lookupService(...args);
    }
    return void run(address, port).then(
      ({ hostname, service }) => process.nextTick(callback, null, hostname, service),
      (error) => process.nextTick(callback, error),
    );
  }
  Object.defineProperty(lookupService, "length", { value: 3, configurable: true });
  Object.defineProperty(lookupService, promisify.custom, {
    value: lookupServicePromise,
    configurable: true,
  });
  return { lookupService, lookupServicePromise };
}

function isAddress(address: unknown): boolean {
  return typeof address === "string" && isIP(address) !== 0;
}

function isPort(port: unknown): boolean {
  const number = typeof port === "string" && port.trim() !== "" ? Number(port) : port;
  return Number.isInteger(number) && (number as number) >= 0 && (number as number) <= 65535;
}

/** The name that services(5) has for a TCP port, else the number. */
function serviceName(port: number): string {
  let services: string;
  try {
    services = fs.readFileSync("/etc/services", "utf8");
  } catch {
    return String(port);
  }
  return new RegExp(`^([^#\\s]+)[ \\t]+${port}/tcp\\b`, "m").exec(services)?.[1] ?? String(port);
}
