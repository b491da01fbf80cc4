/**
 * Makes values ready for `postMessage`, and refuses those that would not arrive as they were.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import { classify } from "./classify.ts";
import type { EncodedValue, HandleCodec } from "./encoded_value.ts";
import { type Container, isPrimitive, visitMembers } from "./members.ts";
import { type Refusal, refuse, tooDeep, uncloneable, unreadable } from "./uncloneable.ts";
import { ValueGraph } from "./value_graph.ts";

export type { EncodedValue, HandleCodec };

/**
 * Makes a value ready for `postMessage`.
 *
 * @param value Any value.
 * @param root What the value is called in an error: `args`, `result`.
 * @param handles How handles travel.
 * @param transfer The objects that will be transferred, which therefore cross whatever they are.
 * @returns The value itself, where structured clone loses nothing, else with replacements.
 * @throws {NetNSError} `ERR_NETNS_UNCLONEABLE`, naming the path of the value that cannot cross.
 */
export function encodeValue(
  value: unknown,
  root: string,
  handles: HandleCodec,
  transfer: readonly object[] = [],
): EncodedValue {
  if (isPrimitive(value) || isFlat(value)) return { value };
  let refusal: Refusal | undefined;
  try {
    const survey = new Survey(handles, transfer);
    refusal = survey.visit(value, 0);
    if (refusal === undefined && !survey.found) return { value };
    if (refusal === undefined) {
      const graph = new ValueGraph(handles, transfer);
      refusal = graph.add(value);
      if (refusal === undefined) return graph.encode(value);
    }
  } catch (error) {
    // A handle that cannot travel says so itself; all else comes from the value.
    if (error instanceof NetNSError) throw error;
    refusal = unreadable(error);
  }
  throw uncloneable(root, refusal);
}

/** Whether this is an array of primitive values, as most arguments are. */
function isFlat(value: unknown): boolean {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype &&
    value.length <= 8 && value.every(isPrimitive);
}

/**
 * The quick look at a value that finds out whether anything needs replacing; values that do not
 * are the rule, and this is all that is done to them.
 */
class Survey {
  /** Whether anything has to be replaced. */
  found = false;
  readonly #handles: HandleCodec;
  readonly #transfer: readonly object[];
  readonly #seen = new Set<object>();

  constructor(handles: HandleCodec, transfer: readonly object[]) {
    this.#handles = handles;
    this.#transfer = transfer;
  }

  visit(value: unknown, depth: number): Refusal | undefined {
    if (isPrimitive(value)) return undefined;
    if (typeof value !== "object") return refuse(value);
    const object = value as object;
    if (this.#seen.has(object)) return undefined;
    this.#seen.add(object);
    const nature = classify(object);
    switch (nature) {
      case "object":
      case "array":
      case "map":
      case "set":
        return tooDeep(depth) ?? this.#members(object, nature, depth + 1);
      case "whole":
        return undefined;
      case "instance":
        if (this.#transfer.includes(object)) return undefined;
        if (this.#handles.encode(object) === undefined) return refuse(object);
    }
    this.found = true;
    return undefined;
  }

  #members(object: object, nature: Container, depth: number): Refusal | undefined {
    return visitMembers(object, nature, this, depth, true);
  }
}
