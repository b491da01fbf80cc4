import assert from "node:assert/strict";
import test from "node:test";
import { isNamespaceThread } from "../../src/thread/thread_name.ts";

test("a namespace thread is known by its name, which says that it is its own", () => {
  assert.equal(isNamespaceThread({ tid: 4711, name: "netns:4711" }), true);
  assert.equal(isNamespaceThread({ tid: 4711, name: "node" }), false);
});

test("a thread that has inherited the name of a namespace thread is none", () => {
  assert.equal(isNamespaceThread({ tid: 4712, name: "netns:4711" }), false);
});
