import assert from "node:assert/strict";
import test from "node:test";
import { MessageChannel } from "node:worker_threads";
import { cloneFailure } from "../../src/thread/clone_failure.ts";

/** The error for a value that this runtime refuses to clone. */
function explained(value: unknown): { message: string; hint: string | undefined } {
  try {
    structuredClone(value);
  } catch (error) {
    const failure = cloneFailure(error, value, "args");
    assert.equal(failure.code, "ERR_NETNS_UNCLONEABLE");
    assert.equal(failure.cause, error);
    return { message: failure.message, hint: failure.hint };
  }
  assert.fail("it was cloned");
}

test("a Proxy is found wherever it is", () => {
  const { message, hint } = explained([1, { list: [0, new Proxy({}, {})] }]);
  assert.match(message, /^Cannot pass args\[1\]\.list\[1\] to another thread: it is a Proxy$/);
  assert.match(hint!, /\{ \.\.\.args\[1\]\.list\[1\] \}/);
  assert.match(explained(new Map([["key", new Proxy([], {})]])).message, /args\.get\("key"\) /);
  assert.match(explained(new Set([new Proxy([], {})])).message, /args\.values\(\)\[0\] /);
  assert.match(explained(new Proxy({}, {})).message, /args to another thread/);
});

test("a function among the named properties of an array is found", () => {
  const value = Object.assign([1], { extra: { onData: () => {} } });
  assert.match(explained({ value }).message, /args\.value\.extra\.onData .*the function onData$/);
});

test("an arguments object is named with the reason that the runtime gives", () => {
  const list = (function (..._: number[]) {
    return arguments;
  })(1, 2);
  assert.match(explained({ list }).message, /args\.list to another thread: ./);
});

test("cycles do not keep it from an answer", () => {
  const ring: { self?: unknown; proxy?: object } = {};
  ring.self = ring;
  ring.proxy = new Proxy({}, {});
  assert.match(explained({ ring }).message, /args\.ring\.proxy /);
});

test("what is transferred is not to blame", () => {
  const { port1, port2 } = new MessageChannel();
  const failure = cloneFailure(new Error("reason"), [port2, 1], "args", [port2]);
  assert.match(failure.message, /^Cannot pass args to another thread: reason$/);
  port1.close();
});
