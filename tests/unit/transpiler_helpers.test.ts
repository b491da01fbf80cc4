import { transformSync } from "esbuild";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test, { after } from "node:test";
import ts from "typescript";
import { installTranspilerHelpers } from "../../src/thread/inside/install_transpiler_helpers.ts";
import { transpilerHelpers } from "../../src/thread/inside/transpiler_helpers.ts";
import { modernFunctions } from "../fixtures/modern_functions.ts";
import { ask, startProgram } from "../helpers/bundled_thread.ts";

const worker = startProgram(`
import { parentPort } from "node:worker_threads";
import { settle } from "./src/thread/inside/collect.ts";
import { compile } from "./src/thread/inside/compile.ts";
import { installTranspilerHelpers } from "./src/thread/inside/install_transpiler_helpers.ts";
installTranspilerHelpers();
parentPort!.on("message", async (source) => {
  try {
    parentPort!.postMessage({ value: await settle(compile(source)(3)) });
  } catch (error) {
    parentPort!.postMessage({ error: (error as Error).stack });
  }
});`);
after(() => worker.terminate());

type Transpile = (source: string) => string;

const transpilers: Record<string, Transpile> = {};
for (const target of ["es2017", "es2018", "es2020", "node18", "node20", "node22"]) {
  transpilers[`esbuild for ${target}`] = (source) =>
    transformSync(source, { loader: "ts", format: "cjs", keepNames: true, target }).code;
}
const { ES2017, ES2018, ES2021, ES2022 } = ts.ScriptTarget;
for (const [name, target] of Object.entries({ ES2017, ES2018, ES2021, ES2022 })) {
  for (const esModuleInterop of [true, false]) {
    const module = ts.ModuleKind.CommonJS;
    const way = esModuleInterop ? "" : ", without interop";
    transpilers[`tsc for ${name}${way}`] = (source) =>
      ts.transpileModule(source, {
        compilerOptions: { target, module, esModuleInterop, useDefineForClassFields: true },
      }).outputText;
  }
}

/** The text of a function as a program has it after a transpiler was at it. */
function textOf(source: string, transpile: Transpile): string {
  const module = { exports: {} as { subject?: unknown } };
  const code = transpile(`export const subject = ${source};`);
  new Function("module", "exports", "require", code)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return String(module.exports.subject);
}

for (const [transpiler, transpile] of Object.entries(transpilers)) {
  test(`functions transpiled by ${transpiler} work`, async () => {
    for (const { name, source, result } of modernFunctions) {
      if (name === "import()" && transpiler.endsWith("without interop")) continue;
      const text = textOf(source, transpile);
      const answer = await ask(worker, text) as { value?: unknown; error?: string };
      assert.equal(answer.error, undefined, `${name}: ${text}`);
      assert.deepEqual(answer.value, result, `${name}: ${text}`);
    }
  });
}

test("the functions themselves give what the transpiled ones must give", async () => {
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
  const plain: Transpile = (source) =>
    ts.transpileModule(source, { compilerOptions }).outputText.replace(
      "export const subject",
      "exports.subject",
    );
  const hasUsing = "SuppressedError" in globalThis;
  for (const { name, source, result } of modernFunctions) {
    if (/using/.test(name) && !hasUsing) continue;
    const answer = await ask(worker, textOf(source, plain)) as { value?: unknown; error?: string };
    assert.equal(answer.error, undefined, name);
    assert.deepEqual(answer.value, result, name);
  }
});

type Helpers = Record<string, (...args: unknown[]) => unknown>;

function installed(): Helpers {
  const target = {};
  installTranspilerHelpers(target);
  return target as Helpers;
}

test("helpers are not enumerable, can be replaced, and replace nothing", () => {
  const own = () => "mine";
  const target = { __name: own } as unknown as Helpers;
  installTranspilerHelpers(target);
  assert.equal(target["__name"], own);
  assert.deepEqual(Object.keys(target), ["__name"]);
  const before = target["__using"];
  installTranspilerHelpers(target);
  assert.equal(target["__using"], before);
  const { configurable, writable } = Object.getOwnPropertyDescriptor(target, "__using")!;
  assert.deepEqual([configurable, writable], [true, true]);
  target["__rest"] = own;
  assert.equal(target["__rest"], own);
  assert.deepEqual(Object.keys(target), ["__name"]);
});

test("every helper is installed", () => {
  const helpers = installed();
  const names = Object.keys(transpilerHelpers());
  assert.deepEqual(Reflect.ownKeys(helpers).toSorted(), names.toSorted());
  for (const name of names) assert.equal(typeof helpers[name], "function", name);
});

test("async functions compiled to generators run", async () => {
  const { __async, __awaiter } = installed();
  const body = function* (this: unknown, a: unknown): Generator<unknown, unknown, number> {
    const b = yield Promise.resolve(2);
    try {
      yield Promise.reject(new Error("caught"));
    } catch (error) {
      return [this, a, b, (error as Error).message];
    }
    return undefined;
  };
  const self = {};
  assert.deepEqual(await __async!(self, [1], body), [self, 1, 2, "caught"]);
  assert.deepEqual(await __awaiter!(self, [1], undefined, body), [self, 1, 2, "caught"]);
  // deno-lint-ignore require-yield
  const failing = function* () {
    throw new RangeError("at once");
  };
  await assert.rejects(__async!(null, null, failing) as Promise<unknown>, RangeError);
});

test("modules of CommonJS get a default export, compiled ones stay", async () => {
  const { __importDefault, __importStar, __toESM, __require, __vite_ssr_dynamic_import__ } =
    installed();
  const exports = { a: 1, default: "ignored" };
  const compiled = { __esModule: true, a: 1, default: "kept" };
  for (const helper of [__importStar!, __toESM!]) {
    const namespace = helper(exports) as typeof exports;
    assert.equal(namespace.a, 1);
    assert.equal(namespace.default as unknown, exports);
    assert.equal(helper(compiled), compiled);
  }
  assert.deepEqual(__importDefault!(exports), { default: exports });
  assert.equal(__importDefault!(compiled), compiled);
  assert.equal((__toESM!(compiled, 1) as { default: unknown }).default, compiled);
  assert.deepEqual({ ...__importStar!(undefined) as object }, { default: undefined });
  assert.equal(typeof (__require!("node:net") as { connect: unknown }).connect, "function");
  const net = await __vite_ssr_dynamic_import__!("node:net") as { connect: unknown };
  assert.equal(typeof net.connect, "function");
});

test("names and keys are set as the language would", () => {
  const { __name, __publicField, __restKey, __setFunctionName } = installed();
  const fn = () => {};
  assert.equal(__name!(fn, "given"), fn);
  assert.equal(fn.name, "given");
  __setFunctionName!(fn, Symbol("tag"), "get");
  assert.equal(fn.name, "get [tag]");
  __setFunctionName!(fn, "plain");
  assert.equal(fn.name, "plain");
  const symbol = Symbol("key");
  assert.deepEqual([__restKey!(1), __restKey!(symbol)], ["1", symbol]);
  const object = Object.freeze({}) as object;
  assert.throws(() => __publicField!(object, "x", 1), TypeError);
});
