/**
 * How what was thrown in one thread is thrown again in another.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import { decodeValue } from "./decode_value.ts";
import { encodeValue } from "./encode_value.ts";
import type { EncodedError, HandleCodec } from "./encoded_value.ts";
import { put } from "./put.ts";

export type { EncodedError };

/**
 * Makes an error, or whatever else was thrown, ready for `postMessage`. Never throws: what cannot
 * cross arrives as the error that says so.
 *
 * @param error What was thrown.
 * @param handles How handles travel.
 * @returns Its encoding.
 */
export function encodeError(error: unknown, handles: HandleCodec): EncodedError {
  try {
    return encodeValue(error, "thrown", handles);
  } catch (refusal) {
    const { message, code, hint } = refusal as NetNSError;
    return encodeValue(new NetNSError(message, { code, hint }), "thrown", handles);
  }
}

/**
 * The error that was encoded. Never throws: what keeps it from being made is returned instead.
 *
 * @param encoded What arrived.
 * @param handles How handles travel.
 * @returns What was thrown in the other thread.
 */
export function decodeError(encoded: EncodedError, handles: HandleCodec): unknown {
  try {
    return decodeValue(encoded, handles);
  } catch (error) {
    return error;
  }
}

/**
 * Adds where a call came from to the stack of the error that it ended with.
 *
 * @param error What was thrown; only errors have a stack.
 * @param callerStack The stack of an error made by the caller.
 * @returns The same error.
 */
export function appendCallerStack(error: unknown, callerStack: string): unknown {
  if (!(error instanceof Error)) return error;
  const frames = callerStack.match(/^[ \t]+at .*$/gm) ?? [];
  const inside = typeof error.stack === "string" ? error.stack : String(error);
  if (frames.length > 0) put(error, "stack", [inside.trimEnd(), ...frames].join("\n"), false);
  return error;
}
