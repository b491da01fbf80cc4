/**
 * Which values structured clone carries faithfully on every runtime, and which need help.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { classNames } from "./uncloneable.ts";

/**
 * How an object crosses: `whole` as it is; a container by its members; an error, a buffer or an
 * instance of a class in an encoding of ours, if there is one.
 */
export type Nature =
  | "whole"
  | "object"
  | "array"
  | "map"
  | "set"
  | "error"
  | "buffer"
  | "instance";

/** Tells how an object crosses. Most objects are plain: they come first. */
export function classify(value: object): Nature {
  const proto = Object.getPrototypeOf(value) as object | null;
  if (proto === Object.prototype || proto === null) return "object";
  if (Array.isArray(value)) {
    // Array.prototype of any realm is an array; the prototype of a subclass is none.
    return Array.isArray(proto) ? "array" : "instance";
  }
  if (isRoot(proto)) return "object";
  if (proto === builtin.buffer.Buffer.prototype) return "buffer";
  const { types } = builtin.util;
  if (types.isTypedArray(value)) return depthOf(proto) === 2 ? "whole" : "instance";
  if (types.isNativeError(value) || value instanceof Error) return "error";
  if (depthOf(proto) !== 1) return isPlatformObject(value) ? "whole" : "instance";
  if (types.isMap(value)) return "map";
  if (types.isSet(value)) return "set";
  const whole = types.isDate(value) || types.isRegExp(value) || types.isAnyArrayBuffer(value) ||
    types.isDataView(value) || (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) ||
    isPlatformObject(value);
  return whole ? "whole" : "instance";
}

/** Whether this is the `Object.prototype` of any realm. */
function isRoot(proto: object): boolean {
  return Object.getPrototypeOf(proto) === null && Object.hasOwn(proto, "isPrototypeOf");
}

/** How far a prototype is from `Object.prototype`: 1 for that of a class without superclass. */
function depthOf(proto: object): number {
  let depth = 0;
  for (let at: object | null = proto; at !== null && !isRoot(at); at = Object.getPrototypeOf(at)) {
    depth += 1;
  }
  return depth;
}

/** Classes of the platform that a runtime may clone; others would have to be tried at a risk. */
const platformClasses = new Set([
  "Blob",
  "BlockList",
  "CryptoKey",
  "File",
  "KeyObject",
  "Module",
]);

/**
 * Whether this runtime clones a platform object without loss. Each object is tried: Deno clones a
 * CryptoKey, but makes `{}` of one that was cloned before.
 */
function isPlatformObject(value: object): boolean {
  const names = classNames(value);
  if (!names.some((name) => platformClasses.has(name))) return false;
  try {
    return classNames(structuredClone(value))[0] === names[0];
  } catch {
    return false;
  }
}
