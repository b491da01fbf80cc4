/**
 * Transpiler helpers for `import()` and `require`.
 *
 * @module
 */

import { createRequire } from "node:module";
import process from "node:process";

type Exports = Record<PropertyKey, unknown>;

let load: ((id: string) => unknown) | undefined;

/** `require`, from the working directory as `import()` has it in a thread. */
function requireModule(id: string): unknown {
  load ??= createRequire(`${process.cwd()}/`);
  return load(id);
}

function isCompiled(module: unknown): module is Exports {
  return Boolean((module as Exports | null | undefined)?.["__esModule"]);
}

/** A module of CommonJS as `import()` shows it: its exports, and all of it as `default`. */
function namespaceOf(module: unknown): Exports {
  const namespace: Exports = {};
  const exports = (typeof module === "object" && module !== null) || typeof module === "function"
    ? module as Exports
    : {};
  for (const key of Object.getOwnPropertyNames(exports)) {
    if (key === "default") continue;
    Object.defineProperty(namespace, key, { enumerable: true, get: () => exports[key] });
  }
  return Object.defineProperty(namespace, "default", { value: module, enumerable: true });
}

/** The helpers, under the names that the transpilers use. */
export const moduleHelpers: Readonly<Record<string, unknown>> = {
  require: requireModule,
  __require: requireModule,
  __importDefault: (module: unknown): unknown => isCompiled(module) ? module : { default: module },
  __importStar: (module: unknown): unknown => isCompiled(module) ? module : namespaceOf(module),
  __toESM: (module: unknown, asNode?: unknown): unknown =>
    isCompiled(module) && !asNode ? module : namespaceOf(module),
  __vite_ssr_dynamic_import__: (specifier: string): Promise<unknown> => import(specifier),
};
