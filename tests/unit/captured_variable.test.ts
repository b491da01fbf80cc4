import assert from "node:assert/strict";
import test from "node:test";
import { isNetNSError, type NetNSError } from "../../src/errors.ts";
import { explainReferenceError } from "../../src/thread/inside/captured_variable.ts";
import { compile } from "../../src/thread/inside/compile.ts";

/** What the error of a function becomes. */
async function explained(source: string): Promise<unknown> {
  try {
    await compile(source)();
  } catch (error) {
    return explainReferenceError(error, source);
  }
  assert.fail("it did not throw");
}

async function explanation(source: string): Promise<NetNSError> {
  const error = await explained(source);
  assert.ok(isNetNSError(error), String(error));
  assert.equal(error.code, "ERR_NETNS_CAPTURED_VARIABLE");
  return error;
}

test("a captured variable is named with the way to pass it", async () => {
  const error = await explanation("async () => {\n  await null;\n  return outerPort + 1;\n}");
  assert.equal(
    error.message,
    'Cannot use variable "outerPort" inside do(): ' +
      "the function runs in another thread and cannot see outer variables",
  );
  assert.equal(error.hint, "pass it as an argument: ns.do((outerPort) => ..., outerPort)");
  assert.ok(error.cause instanceof ReferenceError);
  assert.match(error.stack!, /^NetNSError: Cannot use variable "outerPort"/);
  assert.match(error.stack!, /netns-do:\/anonymous\b[^\n]*:3:/);
});

test("reading, writing, calling and spreading are all found", async () => {
  const sources = [
    "() => $outer_1",
    "() => { $outer_1 = 1; }",
    "() => { $outer_1 += 1; }",
    "() => $outer_1.length",
    "() => `${$outer_1}`",
    "() => [...$outer_1]",
    "() => ({ $outer_1 })",
    "() => [1].map(() => $outer_1)",
    "() => { class Inner extends $outer_1 {} }",
    "work() { return $outer_1; }",
  ];
  for (const source of sources) assert.match((await explanation(source)).message, /"\$outer_1"/);
  assert.match((await explanation("() => größe")).message, /"größe"/);
});

test("the hint fits what was captured", async () => {
  const cases: [source: string, hint: RegExp][] = [
    ["() => createServer()", /const \{ createServer \} = await import/],
    ["() => new Listener()", /const \{ Listener \} = await import/],
    ["() => (0, helper)(1)", /const \{ helper \} = await import/],
    ["() => dgram.createSocket('udp4')", /const dgram = await import\("node:dgram"\)/],
    ["() => (0, import_node_net.createServer)()", /imported inside/],
    ["() => (0, node_net_1.createServer)()", /imported inside/],
    ["() => __vite_ssr_import_0__.createServer()", /imported inside/],
    ["() => tslib_1.__rest({}, [])", /imported inside/],
    ["() => import_meta.url", /import\.meta\.url/],
    ["() => define_import_meta_default.url", /import\.meta\.url/],
    ["() => { cov_1abc2().f[0]++; }", /coverage/],
    ["() => _jsx('a', {})", /render it outside/],
    ["() => __esDecorate()", /transpiler/],
    ["() => config_1 + 1", /as an argument/],
  ];
  for (const [source, hint] of cases) assert.match((await explanation(source)).hint!, hint);
});

test("names with characters that a transpiler escaped are found", async () => {
  for (const source of ["() => gr\\u00F6\\u00dfe", "() => gr\\u{f6}\\u{DF}e.length"]) {
    const { message, hint } = await explanation(source);
    assert.match(message, /"größe"/);
    assert.match(hint!, /\(größe\) =>/);
  }
});

test("a field of a class may use an outer variable", async () => {
  const source = "() => { class Inner { field = outer_3; } return new Inner(); }";
  assert.match((await explanation(source)).message, /"outer_3"/);
  const error = new ReferenceError("port is not defined");
  error.stack = "ReferenceError: port is not defined\n" +
    "    at new Inner (unknown:1:11)\n    at make (/some/module.js:1:2)";
  assert.equal(explainReferenceError(error, "() => port"), error);
});

test("the wording of JavaScriptCore is understood", () => {
  const error = new ReferenceError("Can't find variable: port");
  error.stack = "ReferenceError: Can't find variable: port";
  assert.match((explainReferenceError(error, "() => port") as Error).message, /"port"/);
});

test("other errors are returned as they are", () => {
  const sources = [
    // Thrown by code that is not in the text.
    "() => new Function('return elsewhere')()",
    "() => (0, eval)('elsewhere')",
    // Used before its declaration.
    "() => { early; const early = 1; }",
    "() => { throw new TypeError('port is not defined'); }",
    "() => { throw new ReferenceError('my own'); }",
    "() => { throw new ReferenceError('process is not defined'); }",
    "() => { throw 'port is not defined'; }",
  ];
  for (const source of sources) {
    let thrown: unknown;
    try {
      compile(source)();
    } catch (error) {
      thrown = error;
    }
    assert.equal(explainReferenceError(thrown, source), thrown);
  }
});

test("a name that occurs as a property or a part only is not taken for a variable", () => {
  const error = new ReferenceError("port is not defined");
  error.stack = undefined!;
  for (const source of ["() => a.port", "() => a?.port", "() => support", "() => ports"]) {
    assert.equal(explainReferenceError(error, source), error);
  }
  for (const source of ["() => [...port]", "() => a.b(port)", "(a) => a[port]"]) {
    assert.notEqual(explainReferenceError(error, source), error);
  }
});
