/**
 * What cannot cross to another thread, and how that is said.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";

/** Why a value cannot cross. The path grows on the way back from the value to the root. */
export interface Refusal {
  path: string;
  reason: string;
  /** What to pass instead, for the full path of the value. */
  hint?: ((path: string) => string) | undefined;
  cause?: unknown;
  /** Set when it is about the whole value rather than a member. */
  whole?: true;
}

/** The error for a refusal. */
export function uncloneable(root: string, refusal: Refusal): NetNSError {
  const path = root + refusal.path;
  return new NetNSError(`Cannot pass ${path} to another thread: ${refusal.reason}`, {
    code: "ERR_NETNS_UNCLONEABLE",
    hint: refusal.hint?.(path),
    ...("cause" in refusal ? { cause: refusal.cause } : {}),
  });
}

/** The way from an object to one of its properties, as it is written in a program. */
export function accessor(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${show(key)}]`;
}

/** The way from an array to one of its elements or named properties. */
export function element(key: string): string {
  return /^\d+$/.test(key) ? `[${key}]` : accessor(key);
}

/** The way from a map to a value. */
export function getter(key: unknown, index: number): string {
  const primitive = key === null || (typeof key !== "object" && typeof key !== "function");
  return primitive ? `.get(${show(key)})` : `.values()[${index}]`;
}

function show(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key) : String(key);
}

const list = (path: string): string => `pass [...${path}]`;
const transfer = (path: string): string =>
  `pass what was read from it, or list ${path} as one to transfer: ns.with({ transfer })`;
const text = (path: string): string =>
  `pass what is needed of it, such as ${path}.url and await ${path}.text()`;
const stays = (): string =>
  "it lives on the thread that made it: use it there, and pass what is needed of it";
const signal = (): string =>
  "bind the signal to the call, ns.with({ signal }), and use ctx.signal inside";
const plain = (path: string): string => `pass a plain object, such as { ...${path} }`;

/** What helps for the instances of a class and of its subclasses. */
const hints: Readonly<Record<string, (path: string) => string>> = {
  AbortController: signal,
  AbortSignal: signal,
  ArrayBuffer: (path) => `pass ${path}.slice(0)`,
  Blob: (path) => `pass await ${path}.arrayBuffer()`,
  EventEmitter: stays,
  EventTarget: stays,
  File: (path) => `pass new Blob([${path}]) and ${path}.name`,
  FormData: list,
  Headers: list,
  Map: (path) => `pass new Map(${path})`,
  MessagePort: (path) => `list ${path} as one to transfer: ns.with({ transfer })`,
  NetNS: () => "it is of another copy of @netns/netns",
  Promise: () => "await it first",
  ReadableStream: transfer,
  Request: text,
  Response: text,
  Set: (path) => `pass new Set(${path})`,
  TransformStream: transfer,
  URL: (path) => `pass ${path}.href`,
  URLSearchParams: (path) => `pass ${path}.toString()`,
  Uint8Array: (path) => `pass Uint8Array.from(${path})`,
  WeakMap: stays,
  WeakRef: (path) => `pass ${path}.deref()`,
  WeakSet: stays,
  WritableStream: transfer,
};

/** The names of the classes that a value is an instance of, the nearest first. */
export function classNames(value: object): string[] {
  const names: string[] = [];
  let proto: unknown = Object.getPrototypeOf(value);
  while (proto !== null && names.length < 100) {
    const maker = Object.getOwnPropertyDescriptor(proto, "constructor")?.value as unknown;
    if (typeof maker === "function" && maker.name !== "") names.push(maker.name);
    proto = Object.getPrototypeOf(proto);
  }
  return names;
}

/** What a value is, for an error: `a function`, `an instance of class URL`. */
export function describe(value: unknown): string {
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (typeof value === "symbol") return `the symbol ${String(value)}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isIterator(value)) return "an iterator";
  const name = classNames(value)[0] ?? "Object";
  return name === "Object"
    ? "an object with a prototype of its own"
    : `an instance of class ${name}`;
}

/** Iterators of the language have no class. */
function isIterator(value: object): boolean {
  return "next" in value && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** The refusal of a function, a symbol, or an object that would arrive as something else. */
export function refuse(value: unknown): Refusal {
  return { path: "", reason: `it is ${describe(value)}`, hint: hintFor(value) };
}

function hintFor(value: unknown): (path: string) => string {
  if (typeof value === "function") return () => "define it inside the function that uses it";
  if (typeof value !== "object" || value === null) return () => "pass a string instead";
  if (isIterator(value)) return Symbol.iterator in value ? list : stays;
  const known = classNames(value).find((name) => Object.hasOwn(hints, name));
  return known === undefined ? plain : hints[known]!;
}

/** The refusal of a property that cannot even be read. */
export function unreadable(cause: unknown): Refusal {
  return { path: "", reason: "reading it failed", cause };
}

/** Structured clone recurses: Node 20 gives up at about 1,800 levels, Deno after sending. */
const MAX_DEPTH = 1000;

/** The refusal of a value that is nested too deep; `undefined` when it is not. */
export function tooDeep(depth: number): Refusal | undefined {
  if (depth <= MAX_DEPTH) return undefined;
  return {
    path: "",
    reason: `it is nested more than ${MAX_DEPTH} levels deep`,
    hint: () => "pass a flat array, or text such as JSON",
    whole: true,
  };
}

/** Adds the step from a container to its member, unless the refusal is about the whole value. */
export function within(step: string, refusal: Refusal): Refusal {
  if (!refusal.whole) refusal.path = step + refusal.path;
  return refusal;
}
