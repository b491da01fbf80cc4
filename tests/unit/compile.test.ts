import assert from "node:assert/strict";
import test, { after } from "node:test";
import { isNetNSError } from "../../src/errors.ts";
import { decodeError } from "../../src/thread/error_envelope.ts";
import { compile } from "../../src/thread/inside/compile.ts";
import { ask, startProgram } from "../helpers/bundled_thread.ts";

/** Forms of functions, each with the result of a call with 20 and 22. */
const forms: [form: string, source: string, result: unknown][] = [
  ["an arrow function", "(a, b) => a + b", 42],
  ["an arrow function of one parameter", "a => a * 2", 40],
  ["an arrow function that gives an object", "(a) => ({ a })", { a: 20 }],
  ["an async arrow function", "async (a, b) => { await null; return a + b; }", 42],
  ["an async arrow function of one parameter", "async a => a * 2", 40],
  ["a function", "function add(a, b) { return a + b; }", 42],
  ["a function without a name", "function (a, b) { return a + b; }", 42],
  ["an async function", "async function add(a, b) { return a + await b; }", 42],
  ["a generator", "function* list(a, b) { yield a; yield b; }", [20, 22]],
  ["an async generator", "async function* list(a, b) { yield a; yield await b; }", [20, 22]],
  ["a method", "add(a, b) { return a + b; }", 42],
  ["an async method", "async add(a, b) { return a + await b; }", 42],
  ["a generator method", "*list(a, b) { yield a; yield b; }", [20, 22]],
  ["an async generator method", "async *list(a, b) { yield a; yield b; }", [20, 22]],
  ["a method with a computed name", "['a b'](a, b) { return a + b; }", 42],
  ["a method named by a symbol", "*[Symbol.iterator](a, b) { yield a; yield b; }", [20, 22]],
  ["a method with a quoted name", '"a b"(a, b) { return a + b; }', 42],
  ["a method with a number for a name", "42(a, b) { return a + b; }", 42],
  ["a method named get", "get(a, b) { return a + b; }", 42],
  ["a method named set", "set(a, b) { return a + b; }", 42],
  ["a method named async", "async(a, b) { return a + b; }", 42],
  ["an async method named async", "async async(a, b) { return a + await b; }", 42],
  ["a method named static", "static(a, b) { return a + b; }", 42],
  ["a method named static, as V8 writes it", "(a, b) { return a + b; }", 42],
  ["a method named function", "function(a, b) { return a + b; }", 42],
  ["a method named class", "class(a, b) { return a + b; }", 42],
  ["a method named await", "await(a, b) { return a + b; }", 42],
  ["a method named __proto__", "__proto__(a, b) { return a + b; }", 42],
  ["a getter", "get answer() { return 42; }", 42],
  ["a setter", "set answer(value) { globalThis.answer = value; }", undefined],
  ["a method with super", "add(a) { return typeof super.toString; }", "function"],
  ["a text with comments", "(a /* ) */, b) => { // }\n return a + b; } // end", 42],
  ["a name beyond ASCII", "function größe(a, b) { return a + b; }", 42],
];

interface Request {
  source: string;
  args?: unknown[];
}

const program = `
import { parentPort } from "node:worker_threads";
import { encodeError } from "./src/thread/error_envelope.ts";
import { explainReferenceError } from "./src/thread/inside/captured_variable.ts";
import { settle } from "./src/thread/inside/collect.ts";
import { compile } from "./src/thread/inside/compile.ts";
const none = { encode: () => undefined, decode: (data: unknown) => data };
parentPort!.on("message", async ({ source, args = [] }) => {
  try {
    parentPort!.postMessage({ value: await settle(compile(source)(...args)) });
  } catch (error) {
    parentPort!.postMessage({ error: encodeError(explainReferenceError(error, source), none) });
  }
});`;

const worker = startProgram(program);
after(() => worker.terminate());

/** Calls a function in a thread that is made like that of a namespace. */
async function call(request: Request): Promise<unknown> {
  const answer = await ask(worker, request) as {
    value: unknown;
    error?: Parameters<typeof decodeError>[0];
  };
  if (answer.error === undefined) return answer.value;
  throw decodeError(answer.error, { encode: () => undefined, decode: (data) => data });
}

async function failure(source: string): Promise<Error & Record<string, unknown>> {
  try {
    await call({ source });
  } catch (error) {
    assert.ok(error instanceof Error);
    return error as Error & Record<string, unknown>;
  }
  assert.fail("it did not throw");
}

for (const [form, source, result] of forms) {
  test(`${form} is made again in a thread`, async () => {
    assert.deepEqual(await call({ source, args: [20, 22] }), result);
  });
}

test("methods of real classes and objects are made again", () => {
  const name = "computed name";
  class Calculator {
    static sum(a: number, b: number) {
      return a + b;
    }
    get() {
      return "get";
    }
    get pi() {
      return 3;
    }
    async() {
      return "async";
    }
    static() {
      return "static";
    }
    ["literal name"]() {
      return "literal";
    }
  }
  const object = {
    [name]: () => "arrow",
    shorthand() {
      return "shorthand";
    },
  };
  const { prototype } = Calculator;
  const pi = Object.getOwnPropertyDescriptor(prototype, "pi")!.get!;
  const again = (fn: unknown, ...args: unknown[]) => compile(String(fn))(...args);
  assert.equal(again(Calculator.sum, 1, 2), 3);
  assert.equal(again(prototype.get), "get");
  assert.equal(again(pi), 3);
  assert.equal(again(prototype.async), "async");
  assert.equal(again(prototype.static), "static");
  assert.equal(again(prototype["literal name"]), "literal");
  assert.equal(again(object[name]), "arrow");
  assert.equal(again(object.shorthand), "shorthand");
});

test("import() works inside, also of names given by a variable", async () => {
  const source = `async (name) => {
    const { createServer } = await import("node:net");
    const { readFileSync } = await import(name);
    return [typeof createServer, typeof readFileSync];
  }`;
  assert.deepEqual(await call({ source, args: ["node:fs"] }), ["function", "function"]);
});

test("functions are strict, as those of modules are", async () => {
  assert.equal(await call({ source: "function () { return typeof this; }" }), "undefined");
  const error = await failure("() => { leaked = 1; }");
  assert.equal(error["code"], "ERR_NETNS_CAPTURED_VARIABLE");
});

test("stacks name the function and its own lines", async () => {
  const named = await failure("function work() {\n  const a = 1;\n  throw new TypeError('x');\n}");
  assert.match(named.stack!, /netns-do:\/work\b[^\n]*:3:\d+/);
  const anonymous = await failure("() => {\n  throw new TypeError('x');\n}");
  assert.match(anonymous.stack!, /netns-do:\/anonymous\b[^\n]*:2:\d+/);
  const method = await failure("async fetchAll() {\n  throw new TypeError('x');\n}");
  assert.match(method.stack!, /netns-do:\/fetchAll\b[^\n]*:2:\d+/);
});

test("a text that does not parse is refused with the reason", async () => {
  const cases: [source: string, message: RegExp, hint: RegExp][] = [
    ["() => import.meta.url", /import\.meta/, /as an argument/],
    ["async load() { return import.meta.url; }", /import\.meta/, /as an argument/],
    ["read() { return this.#secret; }", /./, /private|by itself/],
    ["#secret() { return 1; }", /./, /private|by itself/],
    ["function () { [native code] }", /./, /by itself/],
    ["not a function", /./, /by itself/],
  ];
  for (const [source, message, hint] of cases) {
    const error = await failure(source);
    assert.ok(isNetNSError(error), String(error));
    assert.equal(error["code"], "ERR_NETNS_UNCLONEABLE");
    assert.match(error.message, /^Cannot run the function in another thread: /);
    assert.match(error.message, message);
    assert.match(String(error["hint"]), hint);
    assert.ok(error.cause instanceof SyntaxError);
  }
});

test("a computed name that uses an outer variable is explained", async () => {
  const error = await failure("[outerName]() { return 1; }");
  assert.equal(error["code"], "ERR_NETNS_CAPTURED_VARIABLE");
  assert.match(error.message, /"outerName"/);
});

test("the same text gives the same function, and old ones are forgotten", () => {
  const source = "() => 'kept'";
  const fn = compile(source);
  assert.equal(compile(source), fn);
  for (let index = 0; index < 1000; index++) compile(`() => ${index}`);
  assert.notEqual(compile(source), fn);
  assert.equal(compile(source)(), "kept");
});
