/**
 * Checks of arguments; each error names the option, what it must be, and what it is.
 *
 * @module
 */

/** A value as it is shown in an error. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return value.name ? `function ${value.name}` : "a function";
  if (typeof value === "object" && value !== null) {
    return `an object of class ${value.constructor?.name ?? "null"}`;
  }
  return String(value);
}

/** Errors of arguments, which are the caller's mistakes; other TypeErrors may be our own. */
const argumentErrors = new WeakSet<object>();

/** Whether an error is about an argument. */
export function isArgumentError(error: unknown): error is TypeError | RangeError {
  return typeof error === "object" && error !== null && argumentErrors.has(error);
}

/** A `TypeError` for a value of the wrong type or shape. */
export function wrongType(name: string, expected: string, value: unknown): TypeError {
  return ofArgument(
    new TypeError(`${name} must be ${expected}: current value is ${show(value)}`),
  );
}

/** A `TypeError` for what is no handle, or one that only another copy of the library knows. */
export function wrongHandle(name: string, expected: string, value: unknown): TypeError {
  return isForeignHandle(value)
    ? ofArgument(new TypeError(`${name} is a NetNS of another copy of @netns/netns`))
    : wrongType(name, expected, value);
}

/** Whether a value, which is no handle of this copy of the library, is one of another copy. */
function isForeignHandle(value: unknown): boolean {
  return typeof value === "object" && value !== null && value.constructor?.name === "NetNS" &&
    Symbol.toStringTag in value;
}

/** A `RangeError` for a value out of range. */
export function outOfRange(name: string, expected: string, value: unknown): RangeError {
  return ofArgument(
    new RangeError(`${name} must be ${expected}: current value is ${show(value)}`),
  );
}

function ofArgument<E extends TypeError | RangeError>(error: E): E {
  argumentErrors.add(error);
  return error;
}

/** Requires an integer between two bounds. */
export function checkInteger(name: string, value: unknown, min: number, max = 0x7fffffff): number {
  if (typeof value !== "number") throw wrongType(name, "an integer", value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(name, `an integer from ${min} to ${max}`, value);
  }
  return value;
}

/** Requires a non-empty string without NUL and without unpaired surrogates, as paths are. */
export function checkPath(name: string, value: unknown): string {
  if (typeof value !== "string") throw wrongType(name, "a string", value);
  if (value === "" || /[\0\p{Surrogate}]/u.test(value)) {
    throw outOfRange(name, "a non-empty, well-formed string without NUL", value);
  }
  return value;
}

/** Requires `undefined` or an object of options with known members only. */
export function checkOptions(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongType(name, "an object", value);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new TypeError(`${name}.${key} is not an option: the options are ${known.join(", ")}`);
    }
  }
}

/** Requires `undefined` or a boolean. */
export function checkBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") throw wrongType(name, "a boolean", value);
}

/** Requires `undefined` or one of some strings. */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value as string)) {
    throw wrongType(name, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`, value);
  }
}

/** Requires `undefined` or an AbortSignal. */
export function checkSignal(name: string, value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal)) {
    throw wrongType(name, "an AbortSignal", value);
  }
}

/** Requires `undefined` or a duration in ms that timers can hold. */
export function checkTimeout(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== "number") throw wrongType(name, "a number of ms", value);
  if (!(value >= 1 && value <= 0x7fffffff)) {
    throw outOfRange(name, "a number of ms from 1 to 2147483647", value);
  }
}
