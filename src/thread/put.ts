/**
 * Setting a property of any name.
 *
 * @module
 */

/** Defines a property; an assignment to `__proto__` would set the prototype. */
export function put(object: object, key: string, value: unknown, enumerable = true): void {
  Object.defineProperty(object, key, { value, enumerable, configurable: true, writable: true });
}
