/**
 * The classes of errors that every thread of a runtime has.
 *
 * @module
 */

type MakeError = (message: string, name: string) => Error;

/** How an error of a class of the platform is made. */
export const makeError: Readonly<Record<string, MakeError>> = {
  Error: (message) => new Error(message),
  EvalError: (message) => new EvalError(message),
  RangeError: (message) => new RangeError(message),
  ReferenceError: (message) => new ReferenceError(message),
  SyntaxError: (message) => new SyntaxError(message),
  TypeError: (message) => new TypeError(message),
  URIError: (message) => new URIError(message),
  AggregateError: (message) => new AggregateError([], message),
  DOMException: (message, name) => new DOMException(message, name),
  // Not in Node 20 and 22.
  ...("SuppressedError" in globalThis && {
    SuppressedError: (message: string) => new SuppressedError(undefined, undefined, message),
  }),
};

/** The classes that Deno's own functions throw. */
export const denoErrors: Readonly<Record<string, new (message: string) => Error>> | undefined =
  (globalThis as { Deno?: { errors: Record<string, new (message: string) => Error> } }).Deno
    ?.errors;
