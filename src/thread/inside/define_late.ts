/**
 * Properties whose value is made when it is first asked for.
 *
 * @module
 */

/** Defines a property that can be assigned and configured, and looks like any other once it is used. */
export function defineLate(
  object: object,
  name: string,
  make: () => unknown,
  enumerable: boolean = Object.getOwnPropertyDescriptor(object, name)?.enumerable ?? false,
): void {
  const put = (value: unknown) => {
    Object.defineProperty(object, name, { value, configurable: true, enumerable, writable: true });
    return value;
  };
  Object.defineProperty(object, name, {
    get: () => put(make()),
    set: put,
    configurable: true,
    enumerable,
  });
}
