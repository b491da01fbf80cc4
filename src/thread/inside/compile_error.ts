/**
 * The errors for texts that no function can be made from.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";

/** The error for a text of which `cause` was said. */
export function compileError(cause: unknown): NetNSError {
  if (cause instanceof EvalError) {
    return new NetNSError("Cannot run the function: this thread may not make code from text", {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: "run without --disallow-code-generation-from-strings, or use ns.import()",
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NetNSError(`Cannot run the function in another thread: ${reason}`, {
    code: "ERR_NETNS_UNCLONEABLE",
    hint: /import\.meta/.test(reason)
      ? "import.meta belongs to the module outside: pass what is needed of it as an argument, " +
        "ns.do((url) => ..., import.meta.url)"
      : /private|#/i.test(reason)
      ? "private members belong to the class outside: pass what is needed of them as arguments"
      : "the text of the function must make sense by itself",
    cause,
  });
}
