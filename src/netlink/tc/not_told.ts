/**
 * What is thrown when the kernel made something and did not say what.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";

/** The error; `op` is what was done. */
export function notTold(op: string): NetNSError {
  return new NetNSError(`${op}: it was made, but the kernel does not tell it`, {
    code: "ERR_NETNS_UNSUPPORTED",
    hint: "use replace, which does not want to know",
  });
}
