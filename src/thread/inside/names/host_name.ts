/**
 * Host names, as opposed to IP addresses.
 *
 * @module
 */

import { isIP } from "node:net";
import { NetNSError } from "../../../errors.ts";

/** Whether a value is a host that has to be looked up. */
export function isName(host: unknown): host is string {
  return typeof host === "string" && host !== "" &&
    isIP(host.replace(/^\[(.*)\]$/, "$1")) === 0;
}

/** The error for what would look a name up outside. */
export function nameNotContained(api: string, hostname: string): NetNSError {
  const message = `Cannot connect ${api} to ${JSON.stringify(hostname)}: ` +
    "the runtime looks the name up outside of the network namespace";
  return new NetNSError(message, {
    code: "ERR_NETNS_NOT_CONTAINED",
    hint: "pass an IP address: (await dns.promises.lookup(name)).address",
  });
}
