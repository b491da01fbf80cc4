/**
 * The errors of look-ups, as the runtime's own are.
 *
 * @module
 */

import type { NameConfiguration } from "../../../dns/configuration.ts";
import { isLoopback, parseServer } from "../../../dns/server_address.ts";

/** Why a look-up failed: there is no such name, or no server could tell. */
export type LookupFailure = "ENOTFOUND" | "EAI_AGAIN";

/** An error of `dns.lookup()` and its relatives. */
export interface LookupError extends Error {
  errno: number;
  code: LookupFailure;
  syscall: string;
  hostname: string;
  hint?: string;
}

// As in libuv; Bun has the number of c-ares for a name that is not there.
const errnos: Readonly<Record<LookupFailure, number>> = {
  ENOTFOUND: "Bun" in globalThis ? 4 : -3008,
  EAI_AGAIN: -3001,
};

/** Makes the error of a look-up. */
export function lookupError(
  code: LookupFailure,
  hostname: string,
  configuration: NameConfiguration,
  syscall = "getaddrinfo",
): LookupError {
  const error = new Error(`${syscall} ${code} ${hostname}`);
  if ("Bun" in globalThis) error.name = "DNSException";
  const made = Object.assign(error, { errno: errnos[code], code, syscall, hostname });
  return explainUnreachable(made, configuration) as LookupError;
}

/** Says so in the error when the servers are those on the loopback interface of the host. */
export function explainUnreachable(error: unknown, configuration: NameConfiguration): unknown {
  const { hostServers, servers } = configuration;
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== "EAI_AGAIN") return error;
  if (!hostServers || !servers.every((server) => isLoopback(parseServer(server)!))) return error;
  error.message += `: no DNS server answers at ${servers.join(", ")} inside the network namespace`;
  return Object.assign(error, {
    hint: `${servers.join(", ")} of /etc/resolv.conf is a resolver on the loopback interface of ` +
      "the host, which cannot be reached from inside: pass { dns: { servers } } where the " +
      "handle is made",
  });
}
