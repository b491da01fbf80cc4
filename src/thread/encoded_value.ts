/**
 * The form in which values cross between two threads: what structured clone keeps travels as it
 * is, and what it would lose is replaced by an empty object and described beside.
 *
 * @module
 */

/** A value ready for `postMessage`. */
export interface EncodedValue {
  /** The value; in place of each special object stands a placeholder, an empty object. */
  value: unknown;
  /**
   * What the placeholders stand for; absent when there are none. Structured clone keeps identity
   * within a message, so cycles and shared references survive and no name can collide.
   */
  replaced?: Replacement[];
  /** The objects, arrays, maps and sets that hold a placeholder directly. */
  holders?: object[];
}

/** A placeholder, what it stands for, and what that is made from. */
export type Replacement =
  | [placeholder: object, kind: "handle", data: unknown]
  | [placeholder: object, kind: "buffer", data: Uint8Array]
  | [placeholder: object, kind: "error", data: ErrorParts];

/** What an error is made from again. */
export interface ErrorParts {
  /** The nearest class that the other side knows: `TypeError`, `Deno.errors.NotFound`. */
  class: string;
  name: string;
  message: string;
  stack?: string;
  /** The errors of an AggregateError. */
  errors?: unknown[];
  /** `cause`, `code` and all other properties that can be cloned. */
  properties: [key: string, value: unknown, enumerable: boolean][];
}

/** An error, or whatever else was thrown, ready for `postMessage`. */
export type EncodedError = EncodedValue;

/** How handles travel: they are instances of classes, and the owner of the thread knows which. */
export interface HandleCodec {
  /** What stands for the handle in a message; `undefined` when the value is no handle. */
  encode(value: object): unknown | undefined;
  /** The handle that the data stands for. */
  decode(data: unknown): unknown;
  /** Begins an error of a class of the library that only this side has, where it is one of those. */
  makeError?(parts: ErrorParts): Error | undefined;
}
