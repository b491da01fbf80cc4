/**
 * Puts something between a program and a function of the runtime.
 *
 * @module
 */

import { promisifyCustom } from "../promisify_custom.ts";

/** A function of the runtime, whatever it takes. */
export type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** Replaces functions of an object, those that it has. */
export function replaceFunctions(
  object: object,
  names: readonly string[],
  make: (own: Callable, name: string) => Callable,
): void {
  const functions = object as Record<string, Callable | undefined>;
  for (const name of names) {
    const own = functions[name];
    if (typeof own === "function") functions[name] = imitation(own, make(own, name));
  }
}

/** A function that looks like another one, with its properties. */
function imitation(own: Callable, made: Callable): Callable {
  // What promisify() takes in place of the function would go past it, and no proxy can hide it.
  if (promisifyCustom in own) {
    return Object.defineProperties(made, {
      length: { value: own.length, configurable: true },
      name: { value: own.name, configurable: true },
      [promisifyCustom]: { value: resultOnly(made) },
    });
  }
  return new Proxy(own, { apply: (_, self, args) => Reflect.apply(made, self, args) });
}

/** Of a function whose callback gets a result and no error, as that of `fs.exists()`. */
function resultOnly(made: Callable): Callable {
  return (...args) => new Promise((resolve) => made(...args, resolve));
}
