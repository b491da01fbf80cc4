/**
 * Keeps options as they were when they were given.
 *
 * @module
 */

/** What is put in place of a handle or the like; by default that itself. */
export type Replace = (value: object) => unknown;

/** A copy of objects, arrays and bytes in each other; handles and the like stay what they are. */
export function snapshot<T>(value: T, replace: Replace = (value) => value): T {
  return copy(value, replace) as T;
}

function copy(value: unknown, replace: Replace): unknown {
  if (Array.isArray(value)) return value.map((each) => copy(each, replace));
  if (value instanceof Uint8Array) return value.slice();
  if (typeof value !== "object" || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return replace(value);
  const kept: Record<string, unknown> = { ...value };
  for (const name of Object.keys(kept)) {
    if (typeof kept[name] === "object") kept[name] = copy(kept[name], replace);
  }
  return kept;
}
