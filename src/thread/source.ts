/**
 * The text of a function, which is what another thread makes it from again.
 *
 * @module
 */

import { wrongType } from "../check.ts";
import { NetNSError } from "../errors.ts";

/**
 * The text of a function.
 *
 * @param fn The function.
 * @returns Its text, as it is written in the program.
 * @throws {TypeError} When it is no function.
 * @throws {NetNSError} `ERR_NETNS_UNCLONEABLE` when it is native, bound, a Proxy, or a class.
 */
export function functionSource(fn: unknown): string {
  if (typeof fn !== "function") throw wrongType("fn", "a function", fn);
  const source = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) throw refuseNative(fn.name);
  // A method may be named `class`: a parenthesis follows, which no class has there.
  if (/^class(?![\w$]|\s*\()/.test(source)) {
    throw refuse(
      fn.name ? `the class ${fn.name}` : "a class",
      `wrap it in a function that makes the instance: (...args) => new (${
        fn.name ? `class ${fn.name}` : "class"
      } { ... })(...args)`,
    );
  }
  return source;
}

function refuseNative(name: string): NetNSError {
  if (name.startsWith("bound ")) {
    return refuse(
      `the bound function ${name.slice(6)}`.trimEnd(),
      "pass the function itself, and what it is bound to as arguments",
    );
  }
  return refuse(
    `the native function ${name}`.trimEnd(),
    "wrap it in a function: (...args) => " + (name || "fn") + "(...args)",
  );
}

function refuse(what: string, hint: string): NetNSError {
  return new NetNSError(`Cannot run ${what} in another thread: its text is not known`, {
    code: "ERR_NETNS_UNCLONEABLE",
    hint,
  });
}
