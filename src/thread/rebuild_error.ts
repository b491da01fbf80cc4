/**
 * Makes an error again from what came over from another thread.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import type { ErrorParts, HandleCodec } from "./encoded_value.ts";
import { denoErrors, makeError } from "./error_classes.ts";
import { put } from "./put.ts";

/** An error of the right class, without the members that may refer to other errors. */
export function createError(parts: ErrorParts, handles: HandleCodec): Error {
  const error = handles.makeError?.(parts) ?? instantiate(parts);
  if (error.name !== parts.name) put(error, "name", parts.name, false);
  if (parts.stack !== undefined) put(error, "stack", parts.stack, false);
  return error;
}

function instantiate({ class: name, ...parts }: ErrorParts): Error {
  // The code of this class is among the properties, as of any other error.
  if (name === "NetNSError") return new NetNSError(parts.message, { code: "" });
  const Deno = name.startsWith("Deno.errors.") ? denoErrors?.[name.slice(12)] : undefined;
  if (Deno !== undefined) return new Deno(parts.message);
  return (makeError[name] ?? makeError["Error"]!)(parts.message, parts.name);
}

/** Adds the members of an error, each put through `swap`. */
export function completeError(
  error: Error,
  parts: ErrorParts,
  swap: (member: unknown) => unknown,
): void {
  if (parts.errors !== undefined) put(error, "errors", parts.errors.map(swap), false);
  for (const [key, value, enumerable] of parts.properties) put(error, key, swap(value), enumerable);
}
