/**
 * Transpiler helpers for names, fields, spread and rest.
 *
 * @module
 */

type AnyObject = Record<PropertyKey, unknown>;

/** Gives a function or a class the name that it has in the source. */
function setName<Target extends object>(target: Target, name: unknown): Target {
  return Object.defineProperty(target, "name", { value: name, configurable: true });
}

/** As a field of a class: defined, not assigned. */
function define(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function ownEnumerable(source: object): PropertyKey[] {
  return Reflect.ownKeys(source).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(source, key)
  );
}

/** `const { a, ...rest } = source`. */
function rest(source: AnyObject | null | undefined, excluded: readonly PropertyKey[]): AnyObject {
  const result: AnyObject = {};
  if (source === null || source === undefined) return result;
  for (const key of ownEnumerable(source)) {
    if (!excluded.includes(key)) define(result, key, source[key]);
  }
  return result;
}

/** The helpers, under the names that the transpilers use. */
export const objectHelpers: Readonly<Record<string, unknown>> = {
  __name: setName,
  __publicField(object: object, key: PropertyKey, value: unknown): unknown {
    define(object, key, value);
    return value;
  },
  __objRest: rest,
  __rest: rest,
  __restKey(key: unknown): PropertyKey {
    return typeof key === "symbol" ? key : `${key}`;
  },
  __spreadValues(target: object, source: AnyObject | null | undefined): object {
    for (const key of ownEnumerable(Object(source))) define(target, key, source![key]);
    return target;
  },
  __spreadProps(target: object, source: object): object {
    return Object.defineProperties(target, Object.getOwnPropertyDescriptors(source));
  },
  __setFunctionName(fn: object, name: string | symbol, prefix?: string): object {
    const text = typeof name === "symbol" ? name.description ? `[${name.description}]` : "" : name;
    return setName(fn, prefix ? `${prefix} ${text}` : text);
  },
};
