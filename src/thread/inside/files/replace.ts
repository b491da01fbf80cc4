/**
 * Puts something between a program and a function of the runtime.
 *
 * @module
 */

import { promisify } from "node:util";

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
  for (const key of Reflect.ownKeys(own)) {
    if (key === "prototype" || key === "arguments" || key === "caller") continue;
    const descriptor = Object.getOwnPropertyDescriptor(own, key)!;
    // What promisify() takes in place of the function would go past it.
    if (key === promisify.custom) descriptor.value = resultOnly(made);
    Object.defineProperty(made, key, descriptor);
  }
  return made;
}

/** Of a function whose callback gets a result and no error, as that of `fs.exists()`. */
function resultOnly(made: Callable): Callable {
  return (...args) => new Promise((resolve) => made(...args, resolve));
}
