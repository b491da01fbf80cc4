/**
 * Explains the error of a function that uses a variable which stayed in the other thread.
 *
 * @module
 */

import { isBuiltin } from "node:module";
import { NetNSError } from "../../errors.ts";
import { sourceScheme } from "./source_scheme.ts";

/**
 * The explanation of an error, if it comes from a variable that the function captured.
 *
 * @param error What the function threw.
 * @param source The text of the function.
 * @returns A NetNSError `ERR_NETNS_CAPTURED_VARIABLE`, else the error itself.
 */
export function explainReferenceError(error: unknown, source: string): unknown {
  if (!(error instanceof ReferenceError)) return error;
  const match = /^(?:Can't find variable: (\S+)|(\S+) is not defined)$/.exec(error.message);
  const name = match?.[1] ?? match?.[2];
  if (name === undefined || name in globalThis || !uses(source, name)) return error;
  const frames = error.stack?.match(/^[ \t]+at .*$/gm) ?? [];
  // A module that the function imported may have a variable of that name, and a bug.
  if (frames[0] !== undefined && !isOwn(frames[0])) return error;
  const message = `Cannot use variable "${name}" inside do(): ` +
    "the function runs in another thread and cannot see outer variables";
  const explained = new NetNSError(message, {
    code: "ERR_NETNS_CAPTURED_VARIABLE",
    hint: hintFor(name, source),
    cause: error,
  });
  Object.defineProperty(explained, "stack", {
    value: [`NetNSError: ${message}`, ...frames].join("\n"),
    configurable: true,
    writable: true,
  });
  return explained;
}

/** Whether a frame is in the text of the function, rather than in what that evaluates. */
function isOwn(frame: string): boolean {
  return frame.includes(sourceScheme) && !frame.includes("eval at");
}

/** Whether a text has an identifier, other than as a property. */
function uses(source: string, name: string): boolean {
  return pattern(name, "").test(source);
}

/** An identifier and what follows it. A dot before makes it a property, three dots do not. */
function pattern(name: string, next: string): RegExp {
  const literal = name.replace(/[$]/g, "\\$&");
  return new RegExp(
    String.raw`(?<![\p{ID_Continue}$#]|(?:^|[^.])\.)${literal}(?![\p{ID_Continue}$])${next}`,
    "u",
  );
}

function hintFor(name: string, source: string): string {
  if (/^(?:import_meta|define_import_meta_default|__vite_ssr_import_meta__)/.test(name)) {
    return "pass it as an argument: ns.do((url) => ..., import.meta.url)";
  }
  if (/^_*cov_/.test(name)) {
    return "it counts coverage: leave the file out of instrumentation, or collect coverage from V8";
  }
  if (/^_?jsxs?(?:DEV)?$|^React$/.test(name)) {
    return "return data from inside, and render it outside";
  }
  if (isImport(name, source)) {
    return "what is imported outside must be imported inside: " +
      'const { createServer } = await import("node:http")';
  }
  if (name.startsWith("__")) {
    return `${name} is a helper of the transpiler: compile for ES2022 or later, or put the code ` +
      "in a module and use ns.import()";
  }
  if (!name.includes(":") && isBuiltin(name)) {
    return `import it inside: const ${name} = await import("node:${name}")`;
  }
  if (pattern(name, "\\s*\\)?\\s*[(`]").test(source)) {
    return `define it inside, or import it inside: const { ${name} } = await import("...")`;
  }
  return `pass it as an argument: ns.do((${name}) => ..., ${name})`;
}

/** The names that bundlers and transpilers give to imported modules. */
function isImport(name: string, source: string): boolean {
  return /^(?:import_|__vite_ssr_|__vi_|_?_?webpack|__TURBOPACK|tslib_|_interop)/.test(name) ||
    (/_\d+$/.test(name) && pattern(name, String.raw`\.`).test(source));
}
