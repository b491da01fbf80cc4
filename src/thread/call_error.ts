/**
 * The errors of calls that end for a reason which they have in common.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import { appendCallerStack } from "./error_envelope.ts";
import { put } from "./put.ts";

/** The error of one of them: the reason, and where the call was made, as far as that is known. */
export function callError(reason: NetNSError, caller: Error | undefined): NetNSError {
  const error = new NetNSError(reason.message, reason);
  put(error, "stack", reason.stack, false);
  if (caller !== undefined) appendCallerStack(error, caller.stack ?? "");
  return error;
}
