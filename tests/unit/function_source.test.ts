import assert from "node:assert/strict";
import test from "node:test";
import { functionSource } from "../../src/thread/source.ts";

test("the text of a function is as it is written", () => {
  const named = function inner(value: number) {
    return value;
  };
  assert.match(functionSource(named), /^function inner\(value/);
  assert.match(functionSource(async () => {}), /^async/);
  const methods = {
    class() {},
    async *stream() {},
    classify() {},
  };
  assert.match(functionSource(methods.class), /^class/);
  assert.match(functionSource(methods.classify), /^classify/);
  assert.match(functionSource(methods.stream), /^async/);
  // deno-lint-ignore no-unused-vars
  assert.match(functionSource((classes: unknown) => 1), /classes/);
});

test("what is no function is refused before anything else", () => {
  for (const value of [undefined, null, 1, "() => 1", {}, []]) {
    assert.throws(() => functionSource(value), {
      name: "TypeError",
      message: /^fn must be a function: current value is /,
    });
  }
});

test("functions without a text are refused with a way out", () => {
  function bindable(this: unknown) {}
  const cases: [fn: unknown, message: RegExp, hint: RegExp][] = [
    [bindable.bind(null), /bound function bindable/, /as arguments/],
    [(() => {}).bind(null), /bound function/, /as arguments/],
    [Math.max, /native function max/, /\(\.\.\.args\) => max\(\.\.\.args\)/],
    [Function.prototype, /native function/, /wrap/],
    [new Proxy(bindable, {}), /native function/, /wrap/],
    [class Server {}, /the class Server/, /new \(class Server/],
    [class {}, /a class/, /wrap/],
    [class extends Map {}, /a class/, /wrap/],
    [Map, /native function Map/, /wrap/],
  ];
  for (const [fn, message, hint] of cases) {
    assert.throws(() => functionSource(fn), (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, "ERR_NETNS_UNCLONEABLE");
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      return true;
    });
  }
});

test("a function that mentions native code is none", () => {
  const source = functionSource(() => "{ [native code] }");
  assert.match(source, /native code/);
});
