/**
 * A walk over the members of an object, array, map or set.
 *
 * @module
 */

import type { Nature } from "./classify.ts";
import { accessor, element, getter, type Refusal, unreadable, within } from "./uncloneable.ts";

/** An object that crosses by its members. */
export type Container = Extract<Nature, "object" | "array" | "map" | "set">;

/** Whether structured clone carries a value without a look at it. */
export function isPrimitive(value: unknown): boolean {
  const type = typeof value;
  return type !== "object" && type !== "function" && type !== "symbol" || value === null;
}

type Visit = (member: unknown, name?: string) => Refusal | undefined;

/**
 * Shows each member to a function, the keys of a map too, until the function refuses one.
 *
 * @param container The object.
 * @param nature What it is.
 * @param visit Called with a member; and with its name, where it is a property.
 * @param quick Whether to leave out primitive properties, and named properties of arrays.
 * @returns The refusal, with the way to the member, or to one that cannot be read.
 */
export function visitMembers(
  container: object,
  nature: Container,
  visit: Visit,
  quick = false,
): Refusal | undefined {
  if (nature === "map") return visitMap(container as Map<unknown, unknown>, visit);
  if (nature === "set") return visitSet(container as Set<unknown>, visit);
  if (nature === "array" && quick) return visitElements(container as unknown[], visit);
  const way = nature === "array" ? element : accessor;
  for (const name of Object.keys(container)) {
    let member: unknown;
    try {
      member = (container as Record<string, unknown>)[name];
    } catch (error) {
      return within(way(name), unreadable(error));
    }
    if (quick && isPrimitive(member)) continue;
    const refusal = visit(member, name);
    if (refusal !== undefined) return within(way(name), refusal);
  }
  return undefined;
}

function visitElements(array: readonly unknown[], visit: Visit): Refusal | undefined {
  let holes = 0;
  for (let index = 0; index < array.length; index++) {
    const member = array[index];
    if (member === undefined) {
      // An array of a few elements may have a length of 2^32 - 1.
      if (!(index in array) && ++holes > 10_000) return visitMembers(array, "array", visit);
      continue;
    }
    if (isPrimitive(member)) continue;
    const refusal = visit(member);
    if (refusal !== undefined) return within(`[${index}]`, refusal);
  }
  return undefined;
}

function visitMap(map: ReadonlyMap<unknown, unknown>, visit: Visit): Refusal | undefined {
  let index = 0;
  for (const [key, member] of map) {
    const wrong = visit(key);
    if (wrong !== undefined) return within(`.keys()[${index}]`, wrong);
    const refusal = visit(member);
    if (refusal !== undefined) return within(getter(key, index), refusal);
    index += 1;
  }
  return undefined;
}

function visitSet(set: ReadonlySet<unknown>, visit: Visit): Refusal | undefined {
  let index = 0;
  for (const member of set) {
    const refusal = visit(member);
    if (refusal !== undefined) return within(`.values()[${index}]`, refusal);
    index += 1;
  }
  return undefined;
}
