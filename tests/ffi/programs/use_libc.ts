/**
 * Calls libc once and prints, as JSON, the result or the error.
 *
 * @module
 */

import { isNetNSError } from "../../../src/errors.ts";
import { libc } from "../../../src/libc.ts";

function outcome(): unknown {
  try {
    return { result: libc().close(-1) };
  } catch (error) {
    if (!isNetNSError(error)) return { unexpected: String(error) };
    const { name, code, message, hint } = error;
    return { name, code, message, hint, cause: (error.cause as Error).name };
  }
}

console.log(JSON.stringify(outcome()));
