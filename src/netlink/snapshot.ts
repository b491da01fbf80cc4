/**
 * Keeps options as they were when they were given.
 *
 * @module
 */

/** A copy of objects, arrays and bytes in each other; handles and the like stay what they are. */
export function snapshot<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Uint8Array) return value.slice();
  if (typeof value !== "object" || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const kept: Record<string, unknown> = { ...value };
  for (const name of Object.keys(kept)) {
    if (typeof kept[name] === "object") kept[name] = copy(kept[name]);
  }
  return kept;
}
