/**
 * Takes an error apart into what it can be made from again in another thread.
 *
 * @module
 */

import { isNetNSError } from "../errors.ts";
import type { ErrorParts } from "./encoded_value.ts";
import { denoErrors, makeError } from "./error_classes.ts";

/** Members that are read wherever they are: the errors of some runtimes inherit them. */
const wellKnown = ["code", "errno", "syscall", "path", "hint"];

/** Members that are not shown among the properties of an error. */
const hidden = ["cause", "error", "suppressed", "partial"];

/** Takes an error apart. Never throws: what cannot be read is left out. */
export function dissect(error: object): ErrorParts {
  const className = classOf(error);
  const stack = read(error, "stack");
  const parts: ErrorParts = {
    class: className,
    name: text(read(error, "name"), "Error"),
    message: text(read(error, "message"), ""),
    properties: [],
  };
  if (typeof stack === "string") parts.stack = stack;
  const taken = new Set(["name", "message", "stack"]);
  // JavaScriptCore shows where a DOMException was made.
  if (className === "DOMException") {
    ["line", "column", "sourceURL"].forEach((key) => taken.add(key));
  } else addWellKnown(error, parts, taken);
  const errors = className === "AggregateError" ? read(error, "errors") : undefined;
  if (Array.isArray(errors)) {
    parts.errors = [...errors];
    taken.add("errors");
  }
  for (const key of hidden) {
    const descriptor = Object.getOwnPropertyDescriptor(error, key);
    if (descriptor === undefined || (descriptor.enumerable && key !== "cause")) continue;
    parts.properties.push([key, read(error, key), false]);
    taken.add(key);
  }
  for (const key of Object.keys(error)) {
    if (taken.has(key)) continue;
    try {
      parts.properties.push([key, (error as Record<string, unknown>)[key], true]);
    } catch {
      // A getter that throws has nothing to send.
    }
  }
  return parts;
}

function addWellKnown(error: object, parts: ErrorParts, taken: Set<string>): void {
  for (const key of wellKnown) {
    const value = read(error, key);
    if (value === undefined || typeof value === "function") continue;
    parts.properties.push([key, value, true]);
    taken.add(key);
  }
}

/** The nearest class of the error that the other thread has too. */
function classOf(error: object): string {
  if (isNetNSError(error)) return "NetNSError";
  let proto = Object.getPrototypeOf(error) as object | null;
  for (; proto !== null; proto = Object.getPrototypeOf(proto)) {
    const maker = Object.getOwnPropertyDescriptor(proto, "constructor")?.value as unknown;
    if (typeof maker !== "function") continue;
    if (denoErrors?.[maker.name] === maker) return `Deno.errors.${maker.name}`;
    if (Object.hasOwn(makeError, maker.name)) return maker.name;
  }
  return "Error";
}

function read(error: object, key: string): unknown {
  try {
    return (error as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
