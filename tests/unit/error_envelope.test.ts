import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";
import { isNetNSError, NetNSError } from "../../src/errors.ts";
import type { HandleCodec } from "../../src/thread/encode_value.ts";
import { appendCallerStack, decodeError, encodeError } from "../../src/thread/error_envelope.ts";
import { ask, startProgram } from "../helpers/bundled_thread.ts";

const none: HandleCodec = { encode: () => undefined, decode: (data) => data };

/** What arrives for what was thrown. */
function arrived(thrown: unknown): unknown {
  return decodeError(structuredClone(encodeError(thrown, none)), none);
}

function arrivedError(thrown: unknown): Error & Record<string, unknown> {
  const error = arrived(thrown);
  assert.ok(error instanceof Error, String(error));
  return error as Error & Record<string, unknown>;
}

test("errors of the language keep class, name, message and stack", () => {
  const classes = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  for (const Class of classes) {
    const thrown = new Class("what happened");
    const error = arrivedError(thrown);
    assert.equal(error.constructor, Class);
    assert.equal(error.message, "what happened");
    assert.equal(error.name, Class.name);
    assert.equal(error.stack, thrown.stack);
    assert.deepEqual(Object.keys(error), []);
  }
});

test("a class of the program becomes its nearest known class, with its name", () => {
  class HttpError extends TypeError {
    override name = "HttpError";
    code = "EHTTP";
    status = 404;
    detail = { url: "http://x/", tried: [1, 2] };
  }
  const error = arrivedError(new HttpError("not found"));
  assert.equal(error.constructor, TypeError);
  assert.equal(error.name, "HttpError");
  assert.equal(String(error), "HttpError: not found");
  assert.deepEqual(Object.keys(error).sort(), ["code", "detail", "status"]);
  assert.deepEqual([error["code"], error["status"]], ["EHTTP", 404]);
  assert.deepEqual(error["detail"], { url: "http://x/", tried: [1, 2] });
});

test("a system error keeps code, errno, syscall and path", () => {
  try {
    readFileSync("/nonexistent/file");
    assert.fail("it exists");
  } catch (thrown) {
    const error = arrivedError(thrown);
    assert.deepEqual([error["code"], error["errno"], error["syscall"], error["path"]], [
      "ENOENT",
      -2,
      "open",
      "/nonexistent/file",
    ]);
    assert.match(error.message, /ENOENT/);
  }
});

test("an error of the library comes back as one, with all fields", () => {
  const thrown = new NetNSError("Cannot enter", {
    code: "EPERM",
    syscall: "setns",
    errno: -1,
    path: "/run/netns/blue",
    hint: "run as root",
    cause: new Error("why"),
  });
  const error = arrivedError(thrown);
  assert.ok(error instanceof NetNSError && isNetNSError(error));
  assert.deepEqual({ ...error }, { ...thrown });
  assert.equal(error.name, "NetNSError");
  assert.ok(!Object.hasOwn(error, "name"));
  assert.equal((error.cause as Error).message, "why");

  const bare = arrivedError(new NetNSError("Name", { code: "ERR_NETNS_NAME_INVALID" }));
  assert.deepEqual({ ...bare }, { code: "ERR_NETNS_NAME_INVALID" });
  assert.ok(!("hint" in bare));
});

test("a DOMException keeps name and legacy code", () => {
  for (const [name, code] of [["AbortError", 20], ["TimeoutError", 23], ["DataCloneError", 25]]) {
    const error = arrivedError(new DOMException("stop", name as string));
    assert.ok(error instanceof DOMException);
    assert.deepEqual([error.name, error.code, error.message], [name, code, "stop"]);
  }
  const reason = arrivedError(AbortSignal.abort().reason);
  assert.ok(reason instanceof DOMException);
  assert.equal(reason.name, "AbortError");
  assert.deepEqual(Object.keys(reason), []);
});

test("the cause chain comes along, also of causes that are no errors", () => {
  const error = arrivedError(
    new Error("top", {
      cause: new RangeError("middle", { cause: { reason: "data", list: [new TypeError("in")] } }),
    }),
  );
  assert.ok(error.cause instanceof RangeError);
  assert.ok(!Object.keys(error).includes("cause"));
  const { reason, list } = error.cause.cause as { reason: string; list: Error[] };
  assert.equal(reason, "data");
  assert.ok(list[0] instanceof TypeError);
  assert.equal(arrivedError(new Error("x", { cause: "text" })).cause, "text");
  const empty = arrivedError(new Error("x", { cause: undefined }));
  assert.ok("cause" in empty && empty.cause === undefined);
  assert.ok(!Object.hasOwn(arrivedError(new Error("x")), "cause"));
});

test("what cannot be cloned of an error is described or left out", () => {
  const thrown = Object.assign(new Error("x", { cause: () => {} }), {
    request: { socket: new EventTarget() },
    callback: () => {},
    kept: { fine: true },
  });
  Object.defineProperty(thrown, "thrower", {
    enumerable: true,
    get() {
      throw new Error("no");
    },
  });
  const error = arrivedError(thrown);
  assert.match(String(error.cause), /function/);
  assert.deepEqual(Object.keys(error), ["kept"]);
  assert.deepEqual(error["kept"], { fine: true });
});

test("a part that was left out does not hide in what is kept", () => {
  const shared = { fn: () => {} };
  const error = arrivedError(Object.assign(new Error("x"), { one: [shared], two: { shared } }));
  assert.deepEqual(Object.keys(error), []);

  const inner = new TypeError("inner");
  const half = { first: inner, second: () => {} };
  const other = arrivedError(Object.assign(new Error("x"), { half, inner, list: [inner] }));
  assert.deepEqual(Object.keys(other).sort(), ["inner", "list"]);
  assert.equal((other["list"] as Error[])[0], other["inner"]);
});

test("the errors of an AggregateError come along", () => {
  const thrown = new AggregateError([new TypeError("one"), "two", () => {}], "many");
  const error = arrivedError(thrown);
  assert.ok(error instanceof AggregateError);
  assert.equal(error.message, "many");
  assert.ok(error.errors[0] instanceof TypeError);
  assert.equal(error.errors[1], "two");
  assert.match(error.errors[2], /function/);
  assert.deepEqual(Object.keys(error), []);
});

test("a SuppressedError keeps both errors", () => {
  const parts = { error: new TypeError("one"), suppressed: new RangeError("two") };
  const thrown = new Error("suppressed");
  for (const [key, value] of Object.entries({ name: "SuppressedError", ...parts })) {
    Object.defineProperty(thrown, key, { value, configurable: true });
  }
  const native = "SuppressedError" in globalThis
    ? new SuppressedError(parts.error, parts.suppressed, "suppressed")
    : thrown;
  for (const candidate of [thrown, native]) {
    const error = arrivedError(candidate);
    assert.equal(error.constructor, candidate.constructor);
    assert.deepEqual([error.name, error.message], ["SuppressedError", "suppressed"]);
    assert.ok(error["error"] instanceof TypeError && error["suppressed"] instanceof RangeError);
  }
});

test("circular errors arrive circular", () => {
  const one: Error & { context?: unknown } = new Error("one");
  const two = new AggregateError([one], "two", { cause: one });
  one.cause = two;
  one.context = { one, list: [two] };
  const error = arrived(one) as typeof one;
  assert.equal((error.cause as AggregateError).errors[0], error);
  assert.equal((error.cause as AggregateError).cause, error);
  const context = error.context as { one: Error; list: Error[] };
  assert.equal(context.one, error);
  assert.equal(context.list[0], error.cause);
});

test("a chain of 100,000 causes is cut", () => {
  let thrown = new Error("root");
  for (let index = 0; index < 100_000; index++) thrown = new Error("next", { cause: thrown });
  let length = 0;
  let error: unknown = arrived(thrown);
  for (; error instanceof Error; error = error.cause) length += 1;
  assert.ok(length > 50 && length < 200, String(length));
  assert.equal(error, "Error: next");
});

test("errors of another realm and error-like instances arrive as errors", () => {
  const foreign = arrivedError(vm.runInNewContext("new RangeError('elsewhere')"));
  assert.equal(foreign.constructor, RangeError);
  assert.equal(foreign.message, "elsewhere");
  function OldError(this: Error) {
    this.message = "old style";
  }
  OldError.prototype = Object.create(Error.prototype, { name: { value: "OldError" } });
  const old = arrivedError(Reflect.construct(OldError, []));
  assert.deepEqual([old.name, old.message], ["OldError", "old style"]);
});

test("errors of Deno keep their class", {
  skip: "Deno" in globalThis ? false : "only Deno has these classes",
}, () => {
  const { errors } = (globalThis as unknown as {
    Deno: { errors: Record<string, new (message: string) => Error> };
  }).Deno;
  const error = arrivedError(Object.assign(new errors["NotFound"]!("gone"), { code: "ENOENT" }));
  assert.equal(error.constructor, errors["NotFound"]);
  assert.deepEqual([error.name, error.message, error["code"]], ["NotFound", "gone", "ENOENT"]);
});

test("the error of a failed import keeps name, message and code", async () => {
  const missing = "/nonexistent/module.js";
  try {
    await import(missing);
    assert.fail("it exists");
  } catch (thrown) {
    const error = arrivedError(thrown);
    assert.equal(error["code"], "ERR_MODULE_NOT_FOUND");
    assert.equal(error.name, (thrown as Error).name);
    assert.equal(error.message, (thrown as Error).message);
  }
});

test("what is thrown besides errors comes back as itself", () => {
  for (const thrown of ["text", 42, 10n, true, null, undefined]) {
    assert.equal(arrived(thrown), thrown);
  }
  assert.deepEqual(arrived({ code: 1, nested: [new Map([[1, 2]])] }), {
    code: 1,
    nested: [new Map([[1, 2]])],
  });
});

test("what cannot cross arrives as the error that says so", () => {
  const function_ = arrivedError(() => {});
  assert.ok(isNetNSError(function_));
  assert.equal(function_["code"], "ERR_NETNS_UNCLONEABLE");
  assert.match(arrivedError({ list: [Symbol("x")] }).message, /thrown\.list\[0\]/);
  const hostile = new Proxy(new Error("x"), {
    get() {
      throw new Error("trap");
    },
    getPrototypeOf() {
      throw new Error("trap");
    },
  });
  assert.ok(arrived(hostile) instanceof Error);
  const unreadable = new Error("x");
  for (const key of ["stack", "name", "message", "code"]) {
    Object.defineProperty(unreadable, key, {
      get() {
        throw new Error("no");
      },
    });
  }
  assert.ok(arrived(unreadable) instanceof Error);
});

test("a handle that cannot be made again is reported, not thrown", () => {
  class Handle {}
  const codec: HandleCodec = {
    encode: (value) => value instanceof Handle ? 1 : undefined,
    decode() {
      throw new RangeError("unknown handle");
    },
  };
  const encoded = encodeError(Object.assign(new Error("x"), { handle: new Handle() }), codec);
  assert.ok(decodeError(structuredClone(encoded), codec) instanceof RangeError);
});

test("the stack goes on with the frames of the caller", () => {
  const thrown = new TypeError("inside");
  thrown.stack = "TypeError: inside\n    at work (netns-do:/work:3:9)\n";
  const caller = "Error: ignored\n    at main (file:///app.ts:7:3)\n    at file:///app.ts:9:1";
  const error = arrivedError(thrown);
  assert.equal(appendCallerStack(error, caller), error);
  assert.equal(
    error.stack,
    "TypeError: inside\n    at work (netns-do:/work:3:9)\n" +
      "    at main (file:///app.ts:7:3)\n    at file:///app.ts:9:1",
  );
  assert.ok(!Object.keys(error).includes("stack"));
  const real = arrivedError(new Error("real"));
  appendCallerStack(real, new Error("here").stack!);
  assert.ok(real.stack!.split("\n").length > new Error("x").stack!.split("\n").length);
});

test("what has no stack is left alone", () => {
  assert.equal(appendCallerStack("text", "    at x"), "text");
  assert.equal(appendCallerStack(undefined, "    at x"), undefined);
  const data = { stack: "mine" };
  assert.equal(appendCallerStack(data, "    at x"), data);
  assert.equal(data.stack, "mine");
  const error = new Error("x");
  const { stack } = error;
  appendCallerStack(error, "Error: no frames");
  assert.equal(error.stack, stack);
});

test("errors cross between threads both ways", async () => {
  const worker = startProgram(`
    import { parentPort } from "node:worker_threads";
    import { NetNSError } from "./src/errors.ts";
    import { decodeError, encodeError } from "./src/thread/error_envelope.ts";
    const none = { encode: () => undefined, decode: (data: unknown) => data };
    parentPort!.on("message", (message) => {
      const error = decodeError(message, none) as Error & { cause: NetNSError };
      const seen = [error instanceof TypeError, error.cause instanceof NetNSError, error.cause.code];
      parentPort!.postMessage(encodeError(Object.assign(error, { seen }), none));
    });`);
  try {
    const cause = new NetNSError("why", { code: "EPERM", syscall: "setns", errno: -1 });
    const thrown = new TypeError("round trip", { cause });
    const answer = await ask(worker, encodeError(thrown, none));
    const error = decodeError(answer as ReturnType<typeof encodeError>, none) as
      & Error
      & { cause: NetNSError; seen: unknown[] };
    assert.deepEqual(error.seen, [true, true, "EPERM"]);
    assert.ok(error instanceof TypeError && error.cause instanceof NetNSError);
    assert.equal(error.cause.syscall, "setns");
    assert.equal(error.stack, thrown.stack);
  } finally {
    await worker.terminate();
  }
});

test("a refused request keeps what the kernel said, and what was listed", () => {
  const thrown = new NetNSError("link add v0 failed with ERANGE", {
    code: "ERANGE",
    op: "link add v0",
    extack: { message: "too long", offset: 32, policy: { maxValue: 2n ** 64n - 1n } },
    partial: [{ name: "v0" }],
  });
  const error = arrived(thrown);
  assert.ok(error instanceof NetNSError);
  assert.equal(error.op, "link add v0");
  assert.deepEqual(error.extack, thrown.extack);
  assert.deepEqual(error.partial, [{ name: "v0" }]);
  assert.deepEqual(Object.keys(error).sort(), ["code", "extack", "op"]);
});
