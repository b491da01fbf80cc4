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

/** Who looks at members. Not a closure, as one for each object would take time. */
export interface Visitor<Context> {
  /** Looks at a member, which has a name when it is a property. */
  visit(member: unknown, context: Context, name?: string): Refusal | undefined;
}

/**
 * Shows each member to a visitor, the keys of a map too, until the visitor refuses one.
 *
 * @param container The object.
 * @param nature What it is.
 * @param visitor Whose method is called.
 * @param context What that gets besides.
 * @param quick Whether to leave out primitive properties, and named properties of arrays.
 * @returns The refusal, with the way to the member, or to one that cannot be read.
 */
export function visitMembers<Context>(
  container: object,
  nature: Container,
  visitor: Visitor<Context>,
  context: Context,
  quick = false,
): Refusal | undefined {
  if (nature === "map") return visitMap(container as Map<unknown, unknown>, visitor, context);
  if (nature === "set") return visitSet(container as Set<unknown>, visitor, context);
  if (nature === "array" && quick) return visitElements(container as unknown[], visitor, context);
  const way = nature === "array" ? element : accessor;
  for (const name of Object.keys(container)) {
    let member: unknown;
    try {
      member = (container as Record<string, unknown>)[name];
    } catch (error) {
      return within(way(name), unreadable(error));
    }
    if (quick && isPrimitive(member)) continue;
    const refusal = visitor.visit(member, context, name);
    if (refusal !== undefined) return within(way(name), refusal);
  }
  return undefined;
}

function visitElements<Context>(
  array: readonly unknown[],
  visitor: Visitor<Context>,
  context: Context,
): Refusal | undefined {
  let holes = 0;
  for (let index = 0; index < array.length; index++) {
    const member = array[index];
    if (member === undefined) {
      // An array of a few elements may have a length of 2^32 - 1.
      if (!(index in array) && ++holes > 10_000) {
        return visitMembers(array, "array", visitor, context);
      }
      continue;
    }
    if (isPrimitive(member)) continue;
    const refusal = visitor.visit(member, context);
    if (refusal !== undefined) return within(`[${index}]`, refusal);
  }
  return undefined;
}

function visitMap<Context>(
  map: ReadonlyMap<unknown, unknown>,
  visitor: Visitor<Context>,
  context: Context,
): Refusal | undefined {
  let index = 0;
  for (const [key, member] of map) {
    const wrong = visitor.visit(key, context);
    if (wrong !== undefined) return within(`.keys()[${index}]`, wrong);
    const refusal = visitor.visit(member, context);
    if (refusal !== undefined) return within(getter(key, index), refusal);
    index += 1;
  }
  return undefined;
}

function visitSet<Context>(
  set: ReadonlySet<unknown>,
  visitor: Visitor<Context>,
  context: Context,
): Refusal | undefined {
  let index = 0;
  for (const member of set) {
    const refusal = visitor.visit(member, context);
    if (refusal !== undefined) return within(`.values()[${index}]`, refusal);
    index += 1;
  }
  return undefined;
}
