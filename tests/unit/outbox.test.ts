import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../src/thread/outbox.ts";
import { bareCall, parseBareCall, type ToThread } from "../../src/thread/protocol.ts";

function makeOutbox(post?: (message: ToThread) => void) {
  const posted: unknown[] = [];
  const failed: [id: number, cause: unknown][] = [];
  const outbox = new Outbox(
    (message) => {
      post?.(message);
      posted.push(message);
    },
    (id, cause) => failed.push([id, cause]),
  );
  return { outbox, posted, failed };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test("the first call of a turn is posted at once, the others together", async () => {
  const { outbox, posted } = makeOutbox();
  outbox.call(1, "f", [1], 0);
  assert.deepEqual(posted, [["f", 0, 1, [1]]]);
  outbox.call(2, "f", [2], 0);
  outbox.call(3, "f", [3], 0);
  assert.equal(posted.length, 1);
  await turn();
  assert.deepEqual(posted[1], ["f", 0, 2, [2], 3, [3]]);
  outbox.call(4, "f", [], 0);
  assert.deepEqual(posted.slice(2), ["4 0 f"]);
});

test("calls of another function, or from elsewhere, begin a message", async () => {
  const { outbox, posted } = makeOutbox();
  outbox.call(1, "f", [], 0);
  outbox.call(2, "f", [], 0);
  outbox.call(3, "g", [], 0);
  outbox.call(4, "g", [], 1);
  outbox.call(5, "g", [], 1);
  await turn();
  assert.deepEqual(posted, [
    "1 0 f",
    ["f", 0, 2, undefined],
    ["g", 0, 3, undefined],
    ["g", 1, 4, undefined, 5, undefined],
  ]);
});

test("a message goes after the calls that were made before it", () => {
  const { outbox, posted } = makeOutbox();
  outbox.call(1, "f", [], 0);
  outbox.call(2, "f", [], 0);
  outbox.post({ type: "release", body: 9 });
  assert.deepEqual(posted, ["1 0 f", ["f", 0, 2, undefined], { type: "release", body: 9 }]);
});

test("no more than 32 calls travel together", async () => {
  const { outbox, posted } = makeOutbox();
  for (let id = 0; id < 40; id++) outbox.call(id, "f", [], 0);
  assert.equal(posted.length, 2);
  await turn();
  assert.deepEqual(posted.map((message) => (message as unknown[]).length), [5, 66, 16]);
});

test("each call that cannot be posted is told of", async () => {
  const cause = new Error("no");
  let fails = true;
  const { outbox, posted, failed } = makeOutbox(() => {
    if (fails) throw cause;
  });
  assert.throws(() => outbox.call(1, "f", [], 0), cause);
  fails = false;
  outbox.call(2, "f", [], 0);
  outbox.call(3, "f", [], 0);
  outbox.call(4, "f", [], 0);
  fails = true;
  await turn();
  assert.deepEqual(failed, [[3, cause], [4, cause]]);
  assert.deepEqual(posted, ["2 0 f"]);
});

test("a call that is sent as text is what it was", () => {
  for (const source of ["() => {}", "function named( ) {\n  return ' 1 2 ';\n}"]) {
    assert.deepEqual(parseBareCall(bareCall(12, 3, source)), [source, 3, 12, undefined]);
  }
});
