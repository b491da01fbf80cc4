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
  const text = decoded(source);
  const name = nameOf(error);
  if (name === undefined || !uses(text, name)) return error;
  const frames = error.stack?.match(/^[ \t]+at .*$/gm) ?? [];
  // A module that the function imported may have a variable of that name, and a bug.
  const frame = frames.find((frame) => !isUnknown(frame));
  if (frame !== undefined && !isOwn(frame)) return error;
  const message = `Cannot use variable "${name}" inside do(): ` +
    "the function runs in another thread and cannot see outer variables";
  const explained = new NetNSError(message, {
    code: "ERR_NETNS_CAPTURED_VARIABLE",
    hint: hintFor(name, text),
    cause: error,
  });
  Object.defineProperty(explained, "stack", {
    value: [`NetNSError: ${message}`, ...frames].join("\n"),
    configurable: true,
    writable: true,
  });
  return explained;
}

/** The variable that an error says is not there. */
function nameOf({ message }: Error): string | undefined {
  const missing = /^(?:Can't find variable: (\S+)|(\S+) is not defined)$/.exec(message);
  const name = missing?.[1] ?? missing?.[2];
  if (name !== undefined) return name in globalThis ? undefined : name;
  // What Deno keeps of these is hidden by a declaration that is never reached.
  const hidden = /^Cannot access '(\w+)' before initialization$/.exec(message)?.[1];
  return hidden !== undefined && isCommonJs(hidden) && hidden in globalThis ? hidden : undefined;
}

function isCommonJs(name: string): boolean {
  return /^(?:module|exports|__filename|__dirname)$/.test(name);
}

/** A text with the characters that esbuild and Bun write as `\u00F6` and `\u{f6}`. */
function decoded(source: string): string {
  return source.replace(/\\u(?:\{([\da-f]{1,5})\}|([\da-f]{4}))/gi, (_, braced, plain) => {
    return String.fromCodePoint(parseInt(braced ?? plain, 16));
  });
}

/** Whether a frame is one of a class that Bun tells nothing of: that which sets the fields. */
function isUnknown(frame: string): boolean {
  return /\(unknown:[\d:]+\)$/.test(frame);
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
  if (isCommonJs(name) && (name !== "module" || pattern(name, "\\.exports").test(source))) {
    return `${name} belongs to the module outside: pass what is needed of it as an argument`;
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
