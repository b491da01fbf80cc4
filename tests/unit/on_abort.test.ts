import assert from "node:assert/strict";
import { getMaxListeners, setMaxListeners } from "node:events";
import test from "node:test";
import { onAbort } from "../../src/on_abort.ts";
import { skipOn } from "../helpers/requirements.ts";

test("a listener is called once, and not when it was taken back", () => {
  const controller = new AbortController();
  const calls: string[] = [];
  const removed = () => calls.push("removed");
  onAbort(controller.signal, () => calls.push("kept"));
  onAbort(controller.signal, removed);
  controller.signal.removeEventListener("abort", removed);
  controller.abort();
  controller.signal.dispatchEvent(new Event("abort"));
  assert.deepEqual(calls, ["kept"]);
});

test("the limit of listeners that the owner of a signal has set stays", {
  skip: skipOn(["deno", "bun"], "only Node limits the listeners of a signal"),
}, () => {
  const { signal } = new AbortController();
  setMaxListeners(3, signal);
  onAbort(signal, () => {});
  assert.equal(getMaxListeners(signal), 3);
  setMaxListeners(0, signal);
  onAbort(signal, () => {}); // Node 20 cannot tell this limit.
});
