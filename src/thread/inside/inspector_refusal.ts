/**
 * The error for the inspector's server, which would not be in the namespace.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";

/** The error for opening it. */
export function inspectorRefusal(): NetNSError {
  return new NetNSError(
    "Cannot open the inspector inside a network namespace: Deno has one inspector server for the " +
      "whole process",
    {
      code: "ERR_NETNS_NOT_CONTAINED",
      hint: "new Session().connect() of node:inspector inspects this thread without a server",
    },
  );
}
