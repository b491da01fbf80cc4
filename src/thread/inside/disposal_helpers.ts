/**
 * Transpiler helpers for `using` and `await using`.
 *
 * @module
 */

interface Resource {
  readonly value: unknown;
  /** Absent when the value is `null` or `undefined`. */
  readonly dispose?: () => unknown;
  /** Whether it was declared by `await using`. */
  readonly async: boolean;
}

/** In the code of tsc, the resources of a block and the error that ended it. */
interface Scope {
  stack: Resource[];
  error: unknown;
  hasError: boolean;
}

function add<Value>(stack: Resource[], value: Value, async = false): Value {
  if (value !== null && value !== undefined) {
    stack.push({ value, dispose: disposer(value, async), async });
  } else if (async) stack.push({ value, async });
  return value;
}

function disposer(value: unknown, async: boolean): () => unknown {
  if (typeof value !== "object" && typeof value !== "function") {
    throw new TypeError("The value of a using declaration must be an object, null or undefined");
  }
  const members = value as Record<symbol, unknown>;
  const dispose = (async ? members[Symbol.asyncDispose] : undefined) ?? members[Symbol.dispose];
  if (typeof dispose !== "function") {
    throw new TypeError("The value of a using declaration has no method to dispose of it");
  }
  return dispose as () => unknown;
}

/** Disposes of all, the last first. Gives a promise where one must be awaited. */
function disposeAll(
  stack: Resource[],
  error: unknown,
  hasError: boolean | undefined,
): Promise<unknown> | undefined {
  const failed = (reason: unknown) => {
    error = hasError ? suppress(reason, error) : reason;
    hasError = true;
  };
  const next = (): Promise<unknown> | undefined => {
    for (let resource = stack.pop(); resource !== undefined; resource = stack.pop()) {
      try {
        const result = resource.dispose?.call(resource.value);
        if (resource.async) {
          return Promise.resolve(result).then(next, (reason) => (failed(reason), next()));
        }
      } catch (reason) {
        failed(reason);
      }
    }
    if (hasError) throw error;
    return undefined;
  };
  return next();
}

/** Both errors of a block that failed and whose resource failed to be disposed of. */
function suppress(error: unknown, suppressed: unknown): Error {
  const message = "An error was suppressed during disposal";
  if ("SuppressedError" in globalThis) return new SuppressedError(error, suppressed, message);
  const result = new Error(message);
  for (const [key, value] of Object.entries({ name: "SuppressedError", error, suppressed })) {
    Object.defineProperty(result, key, { value, configurable: true, writable: true });
  }
  return result;
}

/** The helpers, under the names that the transpilers use. */
export const disposalHelpers: Readonly<Record<string, unknown>> = {
  __using: add,
  __callDispose: disposeAll,
  __addDisposableResource<Value>(scope: Scope, value: Value, async: boolean): Value {
    return add(scope.stack, value, async);
  },
  __disposeResources(scope: Scope): Promise<unknown> | undefined {
    return disposeAll(scope.stack, scope.error, scope.hasError);
  },
};
