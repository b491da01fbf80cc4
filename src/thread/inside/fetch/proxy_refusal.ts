/**
 * The error for what would go through a proxy of the network that the process is in.
 *
 * @module
 */

import { NetNSError } from "../../../errors.ts";

/** The error for something that Deno has. */
export function proxyRefusal(what: string): NetNSError {
  return new NetNSError(
    `Cannot use ${what} inside a network namespace: Deno would go through the proxy that the ` +
      "environment of the process names",
    {
      code: "ERR_NETNS_NOT_CONTAINED",
      hint: "run the process without HTTP_PROXY and its relatives; fetch, node:http and the ws " +
        "package do without the proxy inside",
    },
  );
}
